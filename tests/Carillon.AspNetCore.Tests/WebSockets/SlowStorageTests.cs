using Carillon.Engines;
using Carillon.Errors;
using Carillon.Messages;
using Carillon.Publishing;
using Carillon.Topics;
using Shouldly;
using Xunit;

namespace Carillon.AspNetCore.Tests.WebSockets;

public sealed class SlowStorageTests
{
    [Fact]
    public async Task Answers_behind_a_publish_that_waits_for_storage_come_in_order_however_many_were_asked_for()
    {
        const int Pings = 3000;
        var gate = new TaskCompletionSource();
        await using HubApplication app = await HubApplication.StartAsync(wrap: engine => new GatedEngine(engine, gate.Task));
        await using TopicSocketClient client = await TopicSocketClient.ConnectAsync(new UriBuilder(app.Http.BaseAddress!) { Scheme = "ws", Path = "/ws" }.Uri);
        await client.SendAsync("""{"type":"PUBLISH","topic":"t","message":1,"nonce":"first"}""");
        string padding = new('x', 200);
        Task sending = Task.Run(async () =>
        {
            for (int i = 0; i < Pings; i++)
            {
                await client.SendAsync($$"""{"type":"PING","nonce":"{{i}} {{padding}}"}""");
                if (i == 1000)
                {
                    gate.SetResult(); // More than may wait, and less than the sockets hold between them.
                }
            }
        });

        (await client.NextAsync()).GetProperty("nonce").GetString().ShouldBe("first");
        for (int i = 0; i < Pings; i++)
        {
            (await client.NextAsync()).GetProperty("nonce").GetString().ShouldBe($"{i} {padding}");
        }

        await sending;
    }

    private sealed class GatedEngine(ITopicEngine engine, Task gate) : ITopicEngine
    {
        public EngineStatus Status => engine.Status;

        public ValueTask<IReadOnlyList<StoredTopic>> StartAsync(IMessageSink sink, CancellationToken cancellationToken) => engine.StartAsync(sink, cancellationToken);

        public ValueTask<Error?> CreateAsync(StoredTopic topic, CancellationToken cancellationToken) => engine.CreateAsync(topic, cancellationToken);

        public async ValueTask<PublishResult> PublishAsync(PublishRequest request, CancellationToken cancellationToken)
        {
            await gate;
            return await engine.PublishAsync(request, cancellationToken);
        }

        public ValueTask<Page<Message>> QueryAsync(MessageQuery query, CancellationToken cancellationToken) => engine.QueryAsync(query, cancellationToken);

        public ValueTask<TopicHistory?> DescribeAsync(TopicName topic, CancellationToken cancellationToken) => engine.DescribeAsync(topic, cancellationToken);

        public ValueTask<IReadOnlyList<ProducerLink>> ListProducersAsync(int limit, CancellationToken cancellationToken) => engine.ListProducersAsync(limit, cancellationToken);

        public ValueTask DisposeAsync() => engine.DisposeAsync();
    }
}
