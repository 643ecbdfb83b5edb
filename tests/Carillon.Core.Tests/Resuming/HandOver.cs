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
    private readonly SemaphoreSlim _turn = new(1, 1);
    private Subscription? _subscription;
    private Feed? _feed;
    private long _from;
    private int _again;
    private bool _ends;
    private int _deliveredAtEnd;
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

    /// <summary>Runs all of it: subscribes, and meanwhile subscribes again up to <paramref name="again"/> times.</summary>
    /// <returns>True when every message after the place asked for last was delivered once and in order.</returns>
    public async Task<bool> RunAsync(int again = 0)
    {
        Happen();
        _from = _random.NextInt64(_log.Count + 1);
        long early = _log.Count;
        Happen();
        CatchUp catchUp = Replace(since: true)!;
        Subscription subscription = _subscription!;
        Happen();
        long last = fault == Fault.EndLookedUpTooEarly ? early : _log.Count;
        Happen();
        _again = again;
        long position = fault switch { Fault.OneSkipped => _from + 1, Fault.OneRepeated => _from - 1, _ => _from };
        CatchUpEnd end = await catchUp.RunAsync(subscription, position, last, asKept: false, CancellationToken.None);
        Happen();
        FanOut(int.MaxValue);
        return end == CatchUpEnd.Joined && _delivered.SequenceEqual(_log.Select(message => message.Offset).Where(offset => offset > _from));
    }

    /// <summary>Ends the subscription somewhere in between.</summary>
    /// <returns>True when nothing was delivered after that.</returns>
    public async Task<bool> RunToEndAsync(int again)
    {
        Happen();
        CatchUp catchUp = Replace(since: true)!;
        Happen();
        (_again, _ends) = (again, true);
        CatchUpEnd end = await catchUp.RunAsync(_subscription!, 0, _log.Count, asKept: false, CancellationToken.None);
        End();
        Happen();
        FanOut(int.MaxValue);
        return end == CatchUpEnd.Joined && _delivered.Count == _deliveredAtEnd && !_topic.HasSubscribers;
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
        SubscribeAgain();
        Happen();
        if (_again == 0 && _random.Next(2) == 0)
        {
            End();
        }

        Happen();
        return ValueTask.CompletedTask;
    }

    public void OnSubscribed(TopicName topic)
    {
    }

    public void OnEnded(TopicName topic, Error reason) => throw new NotSupportedException();

    public ValueTask<IReadOnlyList<StoredTopic>> StartAsync(IMessageSink sink, CancellationToken cancellationToken) => throw new NotSupportedException();

    public ValueTask<Error?> CreateAsync(StoredTopic topic, CancellationToken cancellationToken) => throw new NotSupportedException();

    public ValueTask<PublishResult> PublishAsync(PublishRequest request, CancellationToken cancellationToken) => throw new NotSupportedException();

    public ValueTask<TopicHistory?> DescribeAsync(TopicName topic, CancellationToken cancellationToken) => throw new NotSupportedException();

    public ValueTask<IReadOnlyList<ProducerLink>> ListProducersAsync(int limit, CancellationToken cancellationToken) => throw new NotSupportedException();

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    // For new messages, which are to follow those that were asked for before, or from some other place.
    private void SubscribeAgain()
    {
        if (_again == 0 || _random.Next(3) > 0)
        {
            return;
        }

        _again--;
        if (_random.Next(2) == 0)
        {
            Replace(since: false);
            return;
        }

        CatchUp catchUp = Replace(since: true)!;
        Subscription subscription = _subscription!;
        _from = _random.NextInt64(_log.Count + 1);
        _delivered.Clear();
        Happen();
        _ = catchUp.RunAsync(subscription, _from, _log.Count, asKept: false, CancellationToken.None);
    }

    private void End()
    {
        if (_ends)
        {
            _ends = false;
            _subscription!.End();
            _deliveredAtEnd = _delivered.Count;
        }
    }

    private CatchUp? Replace(bool since)
    {
        Subscription? replaced = _subscription;
        _subscription = new Subscription(_topic, this, new SubscriptionRecord("s", null, Name, default), new DeliveryMark());
        _feed = _topic.FeedOf(_subscription, _feed);
        CatchUp? catchUp = since ? _feed.BeginWith(_subscription, this, _turn, new HubFaults(TimeProvider.System)) : null;
        if (!since && replaced is not null)
        {
            _feed.HandOver(replaced, _subscription);
        }

        _topic.Add(_subscription, replaced);
        replaced?.EndAsReplaced(_subscription);
        return catchUp;
    }

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
            foreach (Feed feed in _topic.Feeds())
            {
                feed.TryDeliver(_delivery, []);
            }
        }
    }
}
