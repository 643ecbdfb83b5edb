using Carillon.Consumers.InMemory;
using Carillon.Deliveries;
using Carillon.Engines;
using Carillon.Engines.Conformance;
using Carillon.Engines.InMemory;
using Carillon.Errors;
using Carillon.Hubs;
using Carillon.Publishing;
using Carillon.Resuming;
using Carillon.Sessions;
using Carillon.Topics;
using Shouldly;
using Xunit;

namespace Carillon.Tests.Resuming;

public sealed class ManyCatchUpsTests
{
    private const int Topics = 30;
    private const int Messages = 300;

    [Fact]
    public async Task Client_that_reads_is_not_overrun_by_many_topics_that_catch_up_together()
    {
        await using var hub = new Hub(new HubOptions(), new InMemoryTopicEngine(new EngineOptions(), TimeProvider.System), new InMemoryConsumerStore(), TimeProvider.System);
        await hub.StartAsync(CancellationToken.None);
        TopicName[] topics = [.. Enumerable.Range(0, Topics).Select(i => TopicName.Create($"t{i}"))];
        foreach (TopicName topic in topics)
        {
            for (int i = 0; i < Messages; i++)
            {
                await hub.PublishAsync(new PublishRequest { Topic = topic, Payload = "1"u8.ToArray() }, CancellationToken.None);
            }
        }

        var reader = new SmallOutbox();
        var request = new SubscribeRequest { Topics = [.. topics.Select(topic => new WantedTopic(topic, Since.Earliest))], Subscriber = reader };
        Task subscribing = Task.Run(async () => await hub.OpenSession("s").SubscribeAsync(request, CancellationToken.None));
        await Eventually.HoldsAsync(() => reader.Read() == Topics * Messages, "everything is read");

        await subscribing;
        reader.Most.ShouldBeLessThanOrEqualTo(SmallOutbox.Capacity);
    }

    // Holds as many frames as a connection's by default; asks for more when half of them are left, as that does.
    private sealed class SmallOutbox : ISubscriber
    {
        public const int Capacity = 1024;

        private readonly Lock _gate = new(); // guards all below
        private TaskCompletionSource? _room;
        private int _waiting;
        private int _read;

        public int Most { get; private set; }

        public int Read()
        {
            TaskCompletionSource? room;
            int read;
            lock (_gate)
            {
                _read += _waiting;
                _waiting = 0;
                room = _room;
                _room = null;
                read = _read;
            }

            room?.SetResult();
            return read;
        }

        public bool TryDeliver(Delivery delivery)
        {
            lock (_gate)
            {
                _waiting += delivery.Messages.Length;
                Most = Math.Max(Most, _waiting);
            }

            return true;
        }

        public ValueTask WaitForRoomAsync(CancellationToken cancellationToken)
        {
            lock (_gate)
            {
                if (_waiting <= Capacity / 2)
                {
                    return ValueTask.CompletedTask;
                }

                _room ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
                return new ValueTask(_room.Task);
            }
        }

        public void OnSubscribed(TopicName topic)
        {
        }

        public void OnEnded(TopicName topic, Error reason)
        {
        }
    }
}
