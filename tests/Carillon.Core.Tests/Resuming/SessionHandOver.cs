using Carillon.Consumers;
using Carillon.Deliveries;
using Carillon.Diagnostics;
using Carillon.Engines;
using Carillon.Errors;
using Carillon.Messages;
using Carillon.Publishing;
using Carillon.Resuming;
using Carillon.Topics;
using Carillon.Topics.Patterns;

namespace Carillon.Tests.Resuming;

/// <summary>
/// A session whose pattern is live all the time, and which subscribes to a topic that this matches, by its name, again and again: for what is kept, for new messages only, or no more. At each
/// place where a catch-up waits, and in the midst of a fan-out, anything may happen as a seed decides. All on one thread, so a seed that fails once always fails.
/// </summary>
internal sealed class SessionHandOver : ITopicEngine, ISubscriber
{
    private const int MostMessages = 1500;

    private static readonly TopicName Name = TopicName.Create("a.b");
    private static readonly TopicName Pattern = TopicName.Create("a.*");

    private readonly Random _random;
    private readonly Fault _fault;
    private readonly LiveTopic _topic = new(new Topic { Name = Name }, TimeProvider.System);
    private readonly PatternIndex _patterns = new(new TopicSegments());
    private readonly HubFaults _faults = new(TimeProvider.System);
    private readonly SessionFanOut _sessions;
    private readonly Delivery _delivery;
    private readonly List<Message> _log = [];
    private readonly HashSet<long> _delivered = [];
    private readonly HashSet<long> _ever = [];
    private readonly DeliveryMark _mark = new();
    private Subscription _pattern;
    private Subscription? _name;
    private long _from = long.MaxValue; // what is kept behind it was asked for
    private bool _hasTurn; // the session does one thing after the other
    private bool _isFanningOut;
    private bool _isWrong;
    private int _fannedOut;
    private int _changes = 6;

    public SessionHandOver(int seed, Fault fault)
    {
        _random = new Random(seed);
        _fault = fault;
        _delivery = new Delivery(_faults);
        _sessions = new SessionFanOut(_patterns, _faults, static _ => { });
        var other = new Subscription(_patterns, new InTheMidst(this), new SubscriptionRecord("other", null, TopicName.Create(">"), default), new DeliveryMark());
        _patterns.Add(other, replaced: null);
        _pattern = Subscribed(_patterns, Pattern, _mark);
        _patterns.Add(_pattern, replaced: null);
    }

    /// <summary>What is wrong on purpose.</summary>
    internal enum Fault
    {
        None,

        /// <summary>A pattern that is subscribed to again ends before the new one is live.</summary>
        PatternNotReplaced,

        /// <summary>A name that is subscribed to again ends before the new one is live, and nothing is handed over.</summary>
        NameNotReplaced,

        /// <summary>Name and pattern do not know that they are one session's.</summary>
        TwoSessions,
    }

    public EngineStatus Status => EngineStatus.Up;

    /// <summary>Runs all of it.</summary>
    /// <returns>True when each message came, once for each time that it was asked for.</returns>
    public bool Run()
    {
        for (int i = 0; i < 12; i++)
        {
            Happen();
            Change(mayAskForKept: true);
        }

        FanOut(int.MaxValue);
        return !_isWrong && _log.TrueForAll(message => _ever.Contains(message.Offset)) && (_name is null || _log.TrueForAll(message => message.Offset <= _from || _delivered.Contains(message.Offset)));
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
            _isWrong |= !_delivered.Add(message.Offset);
            _ever.Add(message.Offset);
        }

        return true;
    }

    public ValueTask WaitForRoomAsync(CancellationToken cancellationToken)
    {
        Happen();
        Change(mayAskForKept: true);
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

    private Subscription Subscribed(ISubscriptionSet set, TopicName name, DeliveryMark mark) => new(set, this, new SubscriptionRecord("s", null, name, default), mark);

    private void Change(bool mayAskForKept)
    {
        if (_hasTurn || _changes == 0 || _random.Next(2) == 0)
        {
            return;
        }

        _changes--;
        switch (_random.Next(mayAskForKept ? 5 : 3))
        {
            case 0:
                ReplacePattern();
                break;
            case 1:
                ReplaceName();
                break;
            case 2:
                _name?.End();
                _name = null;
                _from = long.MaxValue;
                break;
            default:
                AskForKept();
                break;
        }
    }

    private void ReplacePattern()
    {
        Subscription replaced = _pattern;
        _pattern = Subscribed(_patterns, Pattern, _mark);
        if (_fault == Fault.PatternNotReplaced)
        {
            replaced.End();
            _patterns.Add(_pattern, replaced: null);
            return;
        }

        _patterns.Add(_pattern, replaced);
        replaced.EndAsReplaced(_pattern);
    }

    private void ReplaceName()
    {
        Subscription? replaced = _name;
        _name = Subscribed(_topic, Name, _fault == Fault.TwoSessions ? new DeliveryMark() : _mark);
        if (_fault == Fault.NameNotReplaced)
        {
            replaced?.End();
            replaced = null;
        }

        Feed feed = _topic.FeedOf(_name, replaced?.Feed);
        if (replaced is not null)
        {
            feed.HandOver(replaced, _name);
        }

        _topic.Add(_name, replaced);
        replaced?.EndAsReplaced(_name);
    }

    private void AskForKept()
    {
        Subscription? replaced = _name;
        Subscription name = Subscribed(_topic, Name, _fault == Fault.TwoSessions ? new DeliveryMark() : _mark);
        _name = name;
        Feed feed = _topic.FeedOf(name, replaced?.Feed);
        CatchUp catchUp = feed.BeginWith(name, this, new SemaphoreSlim(1, 1), _faults); // One for all would let the second go on by another thread.
        _topic.Add(name, replaced);
        replaced?.EndAsReplaced(name);
        _hasTurn = true;
        Happen();
        _hasTurn = false;
        _from = _random.NextInt64(_log.Count + 1);
        _delivered.RemoveWhere(offset => offset > _from);
        _ = catchUp.RunAsync(name, _from, _log.Count, asKept: false, CancellationToken.None);
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
        while (most > 0 && _fannedOut < _log.Count && !_isFanningOut)
        {
            int run = Math.Min(_random.Next(1, 256), Math.Min(most, _log.Count - _fannedOut));
            _delivery.Load(_log.Skip(_fannedOut).Take(run).ToArray());
            _fannedOut += run;
            most -= run;
            _isFanningOut = true;
            _sessions.Deliver(_topic, _delivery);
            _isFanningOut = false;
        }
    }

    /// <summary>Fan-out has found the subscriptions, and comes to this one before the others.</summary>
    private sealed class InTheMidst(SessionHandOver owner) : ISubscriber
    {
        public void OnSubscribed(TopicName topic)
        {
        }

        public bool TryDeliver(Delivery delivery)
        {
            owner.Change(mayAskForKept: false);
            return true;
        }

        public ValueTask WaitForRoomAsync(CancellationToken cancellationToken) => ValueTask.CompletedTask;

        public void OnEnded(TopicName topic, Error reason)
        {
        }
    }
}
