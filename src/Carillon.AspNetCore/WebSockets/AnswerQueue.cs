using Carillon.Connections;

namespace Carillon.AspNetCore.WebSockets;

/// <summary>
/// Sends the answers of one connection in the order of its requests, although what they wait for may be done in another. Thread-safe.
/// </summary>
/// <param name="outbox">Where they go.</param>
/// <param name="maxWaiting">How many may be to come, or wait behind those, before nothing more should be asked.</param>
/// <param name="maxWaitingBytes">How many bytes may wait behind one that is to come.</param>
internal sealed class AnswerQueue(Outbox outbox, int maxWaiting, long maxWaitingBytes)
{
    private readonly Lock _gate = new(); // Guards the places and what they hold; held while frames are queued, never over I/O.
    private readonly Queue<Place> _places = [];
    private TaskCompletionSource? _empty;
    private TaskCompletionSource? _room;
    private long _waitingBytes;

    private bool HasRoomNeedsLock => _places.Count < maxWaiting && _waitingBytes <= maxWaitingBytes;

    /// <summary>Takes the next place in the order of answers.</summary>
    public Place Reserve()
    {
        var place = new Place();
        lock (_gate)
        {
            _places.Enqueue(place);
        }

        return place;
    }

    /// <summary>Fills a place; what comes for a filled one is let go. The answer is sent when those before it have been.</summary>
    public void Fill(Place place, Frame answer)
    {
        TaskCompletionSource? empty = null;
        TaskCompletionSource? room = null;
        lock (_gate)
        {
            if (place.Answer is not null)
            {
                return;
            }

            place.Answer = answer;
            _waitingBytes += answer.Length;
            while (_places.TryPeek(out Place? first) && first.Answer is { } ready)
            {
                _places.Dequeue();
                _waitingBytes -= ready.Length;
                outbox.TryEnqueue(ready);
            }

            if (_places.Count == 0)
            {
                (empty, _empty) = (_empty, null);
            }

            if (HasRoomNeedsLock)
            {
                (room, _room) = (_room, null);
            }
        }

        empty?.SetResult();
        room?.SetResult();
    }

    /// <summary>Completes when every place is filled: an answer given then is sent at once.</summary>
    public Task WhenEmptyAsync()
    {
        lock (_gate)
        {
            if (_places.Count == 0)
            {
                return Task.CompletedTask;
            }

            _empty ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            return _empty.Task;
        }
    }

    /// <summary>
    /// Completes when few enough answers wait: behind a publish that takes long they are kept here, where the outbox does not count them, and a client could ask for more without end.
    /// </summary>
    public ValueTask WaitForRoomAsync()
    {
        lock (_gate)
        {
            if (HasRoomNeedsLock)
            {
                return ValueTask.CompletedTask;
            }

            _room ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            return new ValueTask(_room.Task);
        }
    }

    /// <summary>An answer that is to come.</summary>
    internal sealed class Place
    {
        /// <summary>Guarded by the queue.</summary>
        public Frame? Answer { get; set; }
    }
}
