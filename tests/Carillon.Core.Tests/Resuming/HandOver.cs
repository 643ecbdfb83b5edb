using Carillon.Consumers;
using Carillon.Deliveries;
using Carillon.Diagnostics;
using Carillon.Engines;
using Carillon.Errors;
using Carillon.Messages;
using Carillon.Publishing;
using Carillon.Resuming;
using Carillon.Topics;

namespace Carillon.Tests.Resuming;

/// <summary>
/// One subscription that catches up while messages are stored and fanned out, in an order that a seed decides: at each place where the catch-up waits, anything may happen.
/// All on one thread, so a seed that fails once always fails.
/// </summary>
internal sealed class HandOver(int seed, HandOver.Fault fault) : ITopicEngine, ISubscriber
{
    private const int MostMessages = 2000; // Publishing that never pauses could keep a slow reader behind for ever.

    private static readonly TopicName Name = TopicName.Create("t");

    private readonly Random _random = new(seed);
    private readonly LiveTopic _topic = new(new Topic { Name = Name }, TimeProvider.System);
    private readonly Delivery _delivery = new();
    private readonly List<Message> _log = [];
    private readonly List<long> _delivered = [];
    private int _fannedOut;

    /// <summary>What is wrong on purpose.</summary>
    internal enum Fault
    {
        None,

        /// <summary>The end of the log is looked up before fan-out knows the subscription.</summary>
        EndLookedUpTooEarly,

        /// <summary>The log is read from one message after the place that was asked for.</summary>
        OneSkipped,

        /// <summary>The log is read from one message before it.</summary>
        OneRepeated,
    }

    public EngineStatus Status => EngineStatus.Up;

    /// <summary>Runs all of it.</summary>
    /// <returns>True when every message after the place asked for was delivered once and in order.</returns>
    public async Task<bool> RunAsync()
    {
        Happen();
        long from = _random.NextInt64(_log.Count + 1);
        long early = _log.Count;
        Happen();
        var subscription = new Subscription(_topic, this, new SubscriptionRecord("s", null, Name, default), new DeliveryMark());
        var catchUp = new CatchUp(Name, subscription, this, new HubFaults(TimeProvider.System));
        subscription.BeginWith(catchUp);
        _topic.Add(subscription, replaced: null);
        Happen();
        long last = fault == Fault.EndLookedUpTooEarly ? early : _log.Count;
        Happen();
        long position = fault switch { Fault.OneSkipped => from + 1, Fault.OneRepeated => from - 1, _ => from };
        CatchUpEnd end = await catchUp.RunAsync(position, last, CancellationToken.None);
        Happen();
        FanOut(int.MaxValue);
        return end == CatchUpEnd.Joined && _delivered.SequenceEqual(_log.Select(message => message.Offset).Where(offset => offset > from));
    }

    public ValueTask<Page<Message>> QueryAsync(MessageQuery query, CancellationToken cancellationToken)
    {
        Happen();
        List<Message> rows = [.. _log.Where(message => message.Offset > query.AfterOffset).Take(_random.Next(1, query.Limit))];
        Happen();
        return new ValueTask<Page<Message>>(new Page<Message>(rows, Next: null));
    }

    public bool TryDeliver(Delivery delivery)
    {
        foreach (Message message in delivery.Messages)
        {
            _delivered.Add(message.Offset);
        }

        return true;
    }

    public ValueTask WaitForRoomAsync(CancellationToken cancellationToken)
    {
        Happen();
        return ValueTask.CompletedTask;
    }

    public void OnSubscribed(TopicName topic)
    {
    }

    public void OnEnded(TopicName topic, Error reason) => throw new NotSupportedException();

    public ValueTask<IReadOnlyList<TopicName>> StartAsync(IMessageSink sink, CancellationToken cancellationToken) => throw new NotSupportedException();

    public ValueTask<Error?> CreateAsync(TopicName topic, Retention? retention, CancellationToken cancellationToken) => throw new NotSupportedException();

    public ValueTask<PublishResult> PublishAsync(PublishRequest request, CancellationToken cancellationToken) => throw new NotSupportedException();

    public ValueTask<TopicHistory?> DescribeAsync(TopicName topic, CancellationToken cancellationToken) => throw new NotSupportedException();

    public ValueTask<IReadOnlyList<ProducerLink>> ListProducersAsync(int limit, CancellationToken cancellationToken) => throw new NotSupportedException();

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    // Messages are stored, and some that are stored are fanned out.
    private void Happen()
    {
        for (int steps = _random.Next(4); steps > 0; steps--)
        {
            int many = _random.Next(10) == 0 ? CatchUp.MaxBuffered : 8;
            for (int i = _random.Next(many); i > 0 && _log.Count < MostMessages; i--)
            {
                _log.Add(new Message { Topic = Name, Offset = _log.Count + 1, MessageId = "m", Producer = null, Timestamp = default, Payload = "1"u8.ToArray() });
            }

            FanOut(_random.Next(2 * many));
        }
    }

    private void FanOut(int most)
    {
        while (most > 0 && _fannedOut < _log.Count)
        {
            int run = Math.Min(_random.Next(1, 256), Math.Min(most, _log.Count - _fannedOut));
            _delivery.Load(_log.Skip(_fannedOut).Take(run).ToArray());
            _fannedOut += run;
            most -= run;
            foreach (Subscription subscription in _topic.Snapshot())
            {
                subscription.TryDeliver(_delivery);
            }
        }
    }
}
