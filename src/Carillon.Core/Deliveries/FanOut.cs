using System.Runtime.InteropServices;
using Carillon.Diagnostics;
using Carillon.Engines;
using Carillon.Messages;
using Carillon.Monitoring;
using Carillon.Topics;
using Carillon.Topics.Patterns;

namespace Carillon.Deliveries;

/// <summary>
/// Takes stored messages from the engine and gives them to the topics' subscribers. One loop, at most one thread at a time: it drains all
/// that waits, so that under load each subscriber gets many messages with one call and its transport many frames with one write.
/// It goes round by round, one run of messages per topic each, and between two rounds it stands in line behind the transports that the last
/// one woke: a burst reaches a subscriber no faster than its transport gets to write, so that only one whose client does not read falls behind.
/// </summary>
internal sealed class FanOut(TopicRegistry topics, bool createsTopics, PatternIndex patterns, ObserverList observers, HubMetrics metrics, HubFaults faults, Action<Subscription> end) : IMessageSink, IThreadPoolWorkItem
{
    /// <summary>Bytes of payload that may wait for the loop before publishers are held back.</summary>
    internal const long MaxBacklogBytes = 64L * 1024 * 1024;

    /// <summary>Messages that may wait for the loop before publishers are held back.</summary>
    internal const int MaxBacklogMessages = 65_536;

    // A run handed to a subscriber at once is a part of what an outbox holds (1,024 frames or 1 MiB), so that it fits beside what waits there already.
    private const int MaxRunMessages = 256;
    private const int MaxRunBytes = 256 * 1024;

    private readonly Lock _gate = new(); // guards the fields up to the next blank line; held only to queue or to swap
    private List<Message> _waiting = [];
    private long _waitingBytes;
    private bool _running;
    private TaskCompletionSource? _room;

    // Only the loop touches these.
    private readonly Delivery _delivery = new(faults);
    private readonly SessionFanOut _sessions = new(patterns, faults, end);
    private readonly List<LiveTopic> _touched = [];
    private List<Message> _batch = [];
    private int _observed;

    public int Backlog => Volatile.Read(ref _waiting).Count;

    public void OnMessages(ReadOnlySpan<Message> batch)
    {
        lock (_gate)
        {
            _waiting.AddRange(batch);
            foreach (Message message in batch)
            {
                _waitingBytes += message.Payload.Length;
            }

            if (_running)
            {
                return;
            }

            _running = true;
        }

        ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
    }

    /// <summary>Completes when the loop is not too far behind: a flood slows its publishers, it does not fill the memory.</summary>
    public ValueTask WaitForRoomAsync(CancellationToken cancellationToken)
    {
        if (!IsFull())
        {
            return ValueTask.CompletedTask;
        }

        lock (_gate)
        {
            if (!IsFull())
            {
                return ValueTask.CompletedTask;
            }

            _room ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            return new ValueTask(_room.Task.WaitAsync(cancellationToken));
        }
    }

    void IThreadPoolWorkItem.Execute()
    {
        if (_touched.Count == 0 && _observed == _batch.Count && !TakeBatch())
        {
            return;
        }

        DeliverRound();
        ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
    }

    private bool IsFull() => Volatile.Read(ref _waitingBytes) > MaxBacklogBytes || Volatile.Read(ref _waiting).Count > MaxBacklogMessages;

    private bool TakeBatch()
    {
        _batch.Clear();
        _observed = 0;
        TaskCompletionSource? room;
        lock (_gate)
        {
            if (_waiting.Count == 0)
            {
                _running = false;
                _delivery.Clear();
                Shrink(_batch);
                return false;
            }

            (_batch, _waiting) = (_waiting, _batch);
            _waitingBytes = 0;
            room = _room;
            _room = null;
        }

        room?.SetResult();
        SortByTopic();
        return true;
    }

    private void SortByTopic()
    {
        if (observers.Snapshot().IsEmpty)
        {
            _observed = _batch.Count;
        }

        foreach (Message message in _batch)
        {
            if (FindWanted(message.Topic) is not { } topic || topic.Composition.Ephemeral != message.IsEphemeral)
            {
                continue;
            }

            if (topic.Pending.Count == 0)
            {
                _touched.Add(topic);
            }

            topic.Pending.Add(message);
        }
    }

    // Null when nobody is subscribed. A topic may be in its first message: then only patterns can know it.
    private LiveTopic? FindWanted(TopicName name)
    {
        if (patterns.IsEmpty)
        {
            return topics.Find(name) is { HasSubscribers: true } known ? known : null;
        }

        if ((createsTopics ? topics.GetOrAdd(name) : topics.Find(name)) is not { } topic)
        {
            return null;
        }

        int version = patterns.Version;
        if (topic.PatternVersion != version)
        {
            topic.PatternVersion = version;
            topic.HasPatterns = patterns.Matches(name);
        }

        return topic.HasPatterns || topic.HasSubscribers ? topic : null;
    }

    private void DeliverRound()
    {
        ReadOnlySpan<Message> unobserved = CollectionsMarshal.AsSpan(_batch)[_observed..];
        if (!unobserved.IsEmpty)
        {
            _observed += DeliverToObservers(RunOf(unobserved));
        }

        _touched.RemoveAll(DeliverRun);
    }

    // True when nothing is left of the batch for this topic.
    private bool DeliverRun(LiveTopic topic)
    {
        ReadOnlySpan<Message> run = RunOf(CollectionsMarshal.AsSpan(topic.Pending)[topic.Delivered..]);
        _delivery.Load(run);
        metrics.Delivered(_sessions.Deliver(topic, _delivery));
        topic.Delivered += run.Length;
        if (topic.Delivered < topic.Pending.Count)
        {
            return false;
        }

        topic.Delivered = 0;
        topic.Pending.Clear();
        Shrink(topic.Pending);
        return true;
    }

    private int DeliverToObservers(ReadOnlySpan<Message> run)
    {
        _delivery.Load(run);
        foreach (IHubObserver observer in observers.Snapshot())
        {
            Tell(observer);
        }

        return run.Length;
    }

    private void Tell(IHubObserver observer)
    {
        try
        {
            observer.OnMessages(_delivery);
        }
        catch (Exception fault) when (fault is not OutOfMemoryException)
        {
            faults.Report(HubPart.Observer, topic: null, fault);
        }
    }

    private static ReadOnlySpan<Message> RunOf(ReadOnlySpan<Message> messages)
    {
        int length = 0;
        long bytes = 0;
        while (length < messages.Length && length < MaxRunMessages)
        {
            bytes += messages[length].Payload.Length;
            if (bytes > MaxRunBytes && length > 0)
            {
                break;
            }

            length++;
        }

        return messages[..length];
    }

    // A burst must not leave its largest list behind in every topic it touched.
    private static void Shrink(List<Message> emptied)
    {
        const int Kept = 1024;
        if (emptied.Capacity > Kept)
        {
            emptied.Capacity = 0;
        }
    }
}
