using System.Runtime.InteropServices;
using Carillon.Diagnostics;
using Carillon.Engines;
using Carillon.Messages;
using Carillon.Monitoring;
using Carillon.Topics;

namespace Carillon.Deliveries;

/// <summary>
/// Takes stored messages from the engine and gives them to the topics' subscribers. One loop, at most one thread at a time: it drains all
/// that waits, so that under load each subscriber gets many messages with one call and its transport many frames with one write.
/// </summary>
internal sealed class FanOut(TopicRegistry topics, ObserverList observers, HubMetrics metrics) : IMessageSink, IThreadPoolWorkItem
{
    /// <summary>Bytes of payload that may wait for the loop before publishers are held back.</summary>
    internal const long MaxBacklogBytes = 64L * 1024 * 1024;

    /// <summary>Messages that may wait for the loop before publishers are held back.</summary>
    internal const int MaxBacklogMessages = 65_536;

    // A run handed to one subscriber stays well below the bounds of an outbox.
    private const int MaxRun = 256;

    private readonly Lock _gate = new(); // guards the fields up to the next blank line; held only to queue or to swap
    private List<Message> _waiting = [];
    private long _waitingBytes;
    private bool _running;
    private TaskCompletionSource? _room;

    // Only the loop touches these.
    private readonly Delivery _delivery = new();
    private readonly List<Topic> _touched = [];
    private List<Message> _batch = [];

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
        while (TakeBatch())
        {
            DeliverBatch();
            _batch.Clear();
        }
    }

    private bool IsFull() => Volatile.Read(ref _waitingBytes) > MaxBacklogBytes || Volatile.Read(ref _waiting).Count > MaxBacklogMessages;

    private bool TakeBatch()
    {
        TaskCompletionSource? room;
        lock (_gate)
        {
            if (_waiting.Count == 0)
            {
                _running = false;
                _delivery.Clear();
                return false;
            }

            (_batch, _waiting) = (_waiting, _batch);
            _waitingBytes = 0;
            room = _room;
            _room = null;
        }

        room?.SetResult();
        return true;
    }

    private void DeliverBatch()
    {
        ReadOnlySpan<Message> batch = CollectionsMarshal.AsSpan(_batch);
        DeliverToObservers(batch);
        foreach (Message message in batch)
        {
            if (topics.Find(message.Topic) is not { HasSubscribers: true } topic)
            {
                continue;
            }

            if (topic.Pending.Count == 0)
            {
                _touched.Add(topic);
            }

            topic.Pending.Add(message);
        }

        foreach (Topic topic in _touched)
        {
            DeliverTopic(topic);
            topic.Pending.Clear();
        }

        _touched.Clear();
    }

    private void DeliverTopic(Topic topic)
    {
        ReadOnlySpan<Message> pending = CollectionsMarshal.AsSpan(topic.Pending);
        ReadOnlySpan<Subscription> subscriptions = topic.Snapshot();
        long delivered = 0;
        while (!pending.IsEmpty)
        {
            ReadOnlySpan<Message> run = pending[..Math.Min(MaxRun, pending.Length)];
            pending = pending[run.Length..];
            _delivery.Load(run);
            foreach (Subscription subscription in subscriptions)
            {
                if (subscription.TryDeliver(_delivery))
                {
                    delivered += run.Length;
                }
            }
        }

        metrics.Delivered(delivered);
    }

    private void DeliverToObservers(ReadOnlySpan<Message> batch)
    {
        ReadOnlySpan<IHubObserver> all = observers.Snapshot();
        if (all.IsEmpty)
        {
            return;
        }

        for (int start = 0; start < batch.Length; start += MaxRun)
        {
            _delivery.Load(batch.Slice(start, Math.Min(MaxRun, batch.Length - start)));
            foreach (IHubObserver observer in all)
            {
                observer.OnMessages(_delivery);
            }
        }
    }
}
