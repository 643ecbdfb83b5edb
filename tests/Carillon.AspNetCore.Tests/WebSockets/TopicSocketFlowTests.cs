using Carillon.AspNetCore.Tests.Channels;
using Carillon.Engines;
using Carillon.Publishing;
using Shouldly;
using Xunit;

namespace Carillon.AspNetCore.Tests.WebSockets;

/// <summary>How many publishes of one connection wait for storage at once.</summary>
public sealed class TopicSocketFlowTests
{
    [Fact]
    public async Task At_most_256_publishes_of_a_connection_wait_for_storage_and_all_are_answered_in_order()
    {
        const int Most = 256;
        const int All = 300;
        HoldingEngine? engine = null;
        await using TopicSocketApplication application = await TopicSocketApplication.StartAsync(wrap: inner => engine = new HoldingEngine(inner));
        await using TopicSocketClient client = await application.ConnectAsync();
        for (int i = 0; i < All; i++)
        {
            await client.SendAsync($$"""{"type":"PUBLISH","topic":"t","message":{{i}},"nonce":{{i}}}""");
        }

        for (int released = 0; released <= All - Most; released++)
        {
            await Eventually.ShouldAsync(() => engine!.Begun == Most + released);
            engine!.Release(1);
        }

        engine!.Release(Most);

        for (int i = 0; i < All; i++)
        {
            (await client.NextAsync()).GetProperty("nonce").GetInt32().ShouldBe(i);
        }

        engine.MostAtOnce.ShouldBe(Most);
    }

    /// <summary>An engine that stores nothing until it is let.</summary>
    private sealed class HoldingEngine(ITopicEngine engine) : WrappedEngine(engine)
    {
        private readonly SemaphoreSlim _permits = new(0);
        private readonly Lock _gate = new(); // Guards the numbers.
        private int _waiting;

        public int Begun { get; private set; }

        public int MostAtOnce { get; private set; }

        public void Release(int publishes) => _permits.Release(publishes);

        public override async ValueTask<PublishResult> PublishAsync(PublishRequest request, CancellationToken cancellationToken)
        {
            lock (_gate)
            {
                Begun++;
                MostAtOnce = Math.Max(MostAtOnce, ++_waiting);
            }

            await _permits.WaitAsync(cancellationToken);
            lock (_gate)
            {
                _waiting--;
            }

            return await base.PublishAsync(request, cancellationToken);
        }
    }
}
