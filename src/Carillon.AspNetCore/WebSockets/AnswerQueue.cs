using Carillon.Connections;

namespace Carillon.AspNetCore.WebSockets;

/// <summary>
/// Sends the answers of one connection in the order of its requests, although what they wait for may be done in another. Thread-safe.
/// </summary>
internal sealed class AnswerQueue(Outbox outbox)
{
    private readonly Lock _gate = new(); // Guards the places and what they hold; held while frames are queued, never over I/O.
    private readonly Queue<Place> _places = [];
    private TaskCompletionSource? _empty;

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

    /// <summary>Fills a place: once. The answer is sent when those before it have been.</summary>
    public void Fill(Place place, Frame answer)
    {
        TaskCompletionSource? empty = null;
        lock (_gate)
        {
            place.Answer = answer;
            while (_places.TryPeek(out Place? first) && first.Answer is { } ready)
            {
                _places.Dequeue();
                outbox.TryEnqueue(ready);
            }

            if (_places.Count == 0)
            {
                (empty, _empty) = (_empty, null);
            }
        }

        empty?.SetResult();
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

    /// <summary>An answer that is to come.</summary>
    internal sealed class Place
    {
        /// <summary>Guarded by the queue.</summary>
        public Frame? Answer { get; set; }
    }
}
