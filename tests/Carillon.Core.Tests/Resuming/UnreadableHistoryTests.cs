using Carillon.Consumers.InMemory;
using Carillon.Deliveries;
using Carillon.Diagnostics;
using Carillon.Engines;
using Carillon.Engines.InMemory;
using Carillon.Errors;
using Carillon.Hubs;
using Carillon.Messages;
using Carillon.Publishing;
using Carillon.Resuming;
using Carillon.Sessions;
using Carillon.Topics;
using Shouldly;
using Xunit;

namespace Carillon.Tests.Resuming;

public sealed class UnreadableHistoryTests
{
    private static readonly TopicName Name = TopicName.Create("a");

    [Fact]
    public async Task Resume_from_a_log_that_cannot_be_read_tells_the_application_why_and_the_client_only_that()
    {
        await using var hub = new Hub(new HubOptions(), new UnreadableEngine(), new InMemoryConsumerStore(), TimeProvider.System);
        var told = new TaskCompletionSource<HubFaultEventArgs>();
        hub.Faulted += (_, fault) => told.SetResult(fault);
        await hub.StartAsync(CancellationToken.None);
        await hub.PublishAsync(new PublishRequest { Topic = Name, Payload = "1"u8.ToArray() }, CancellationToken.None);

        var subscriber = new EndedSubscriber();
        await hub.OpenSession("s").SubscribeAsync(new SubscribeRequest { Topics = [new WantedTopic(Name, Since.Earliest)], Subscriber = subscriber }, CancellationToken.None);
        Error reason = await subscriber.Ended.WaitAsync(TimeSpan.FromSeconds(30));
        reason.Code.ShouldBe(ErrorCode.Unavailable);
        reason.Message.ShouldNotContain("secret");

        HubFaultEventArgs fault = await told.Task.WaitAsync(TimeSpan.FromSeconds(30));
        (fault.Part, fault.Topic, fault.Exception.Message).ShouldBe((HubPart.History, Name, "/secret/path is broken"));
    }

    private sealed class EndedSubscriber : ISubscriber
    {
        private readonly TaskCompletionSource<Error> _ended = new();

        public Task<Error> Ended => _ended.Task;

        public void OnSubscribed(TopicName topic)
        {
        }

        public bool TryDeliver(Delivery delivery) => true;

        public ValueTask WaitForRoomAsync(CancellationToken cancellationToken) => ValueTask.CompletedTask;

        public void OnEnded(TopicName topic, Error reason) => _ended.SetResult(reason);
    }

    private sealed class UnreadableEngine : ITopicEngine
    {
        private readonly InMemoryTopicEngine _engine = new(new EngineOptions(), TimeProvider.System);

        public EngineStatus Status => _engine.Status;

        public ValueTask<IReadOnlyList<StoredTopic>> StartAsync(IMessageSink sink, CancellationToken cancellationToken) => _engine.StartAsync(sink, cancellationToken);

        public ValueTask<Error?> CreateAsync(StoredTopic topic, CancellationToken cancellationToken) => _engine.CreateAsync(topic, cancellationToken);

        public ValueTask<PublishResult> PublishAsync(PublishRequest request, CancellationToken cancellationToken) => _engine.PublishAsync(request, cancellationToken);

        public ValueTask<Page<Message>> QueryAsync(MessageQuery query, CancellationToken cancellationToken) => throw new IOException("/secret/path is broken");

        public ValueTask<TopicHistory?> DescribeAsync(TopicName topic, CancellationToken cancellationToken) => _engine.DescribeAsync(topic, cancellationToken);

        public ValueTask<IReadOnlyList<ProducerLink>> ListProducersAsync(int limit, CancellationToken cancellationToken) => _engine.ListProducersAsync(limit, cancellationToken);

        public ValueTask DisposeAsync() => _engine.DisposeAsync();
    }
}
