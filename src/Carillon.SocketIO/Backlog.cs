namespace Carillon.SocketIO;

/// <summary>
/// Counts the events of one client that wait for a handler. Over its bounds the client is not read from, so that a fast client fills
/// its own network buffers and not the server's memory. Thread-safe.
/// </summary>
/// <param name="maxBytes">How many bytes may wait.</param>
internal sealed class Backlog(int maxBytes)
{
    private const int MaxEvents = 1000;

    /// <summary>
    /// How many times the bounds may wait while the client is asked for something: its answer comes behind the events it had sent before, and their handlers may
    /// wait for the one that asks.
    /// </summary>
    private const int FactorWhileAsking = 8;

    private readonly Lock _gate = new(); // Guards all fields.
    private int _events;
    private long _bytes;
    private int _questions;
    private bool _released;
    private TaskCompletionSource? _room;

    /// <summary>An event waits.</summary>
    public void Add(int bytes)
    {
        lock (_gate)
        {
            _events++;
            _bytes += bytes;
        }
    }

    /// <summary>Its handler begins.</summary>
    public void Remove(int bytes)
    {
        TaskCompletionSource? room;
        lock (_gate)
        {
            _events--;
            _bytes -= bytes;
            room = TakeWaiterNeedsLock();
        }

        room?.TrySetResult();
    }

    /// <summary>The client is asked for an acknowledgement: more is read than otherwise, until <see cref="EndQuestions"/>.</summary>
    public void BeginQuestion()
    {
        TaskCompletionSource? room;
        lock (_gate)
        {
            _questions++;
            room = TakeWaiterNeedsLock();
        }

        room?.TrySetResult();
    }

    /// <summary>So many questions were answered, or nobody waits for their answers any more.</summary>
    public void EndQuestions(int count)
    {
        lock (_gate)
        {
            _questions -= count;
        }
    }

    /// <summary>Completes when more may be read.</summary>
    public ValueTask WaitForRoomAsync()
    {
        lock (_gate)
        {
            if (!IsFullNeedsLock())
            {
                return ValueTask.CompletedTask;
            }

            _room ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            return new ValueTask(_room.Task);
        }
    }

    /// <summary>Lets everyone pass from now on: the session has ended.</summary>
    public void Release()
    {
        TaskCompletionSource? room;
        lock (_gate)
        {
            _released = true;
            room = TakeWaiterNeedsLock();
        }

        room?.TrySetResult();
    }

    private bool IsFullNeedsLock()
    {
        int factor = _questions > 0 ? FactorWhileAsking : 1;
        return !_released && (_events >= factor * MaxEvents || _bytes >= (long)factor * maxBytes);
    }

    // Who waits for room, if there is some now.
    private TaskCompletionSource? TakeWaiterNeedsLock()
    {
        if (IsFullNeedsLock())
        {
            return null;
        }

        TaskCompletionSource? room = _room;
        _room = null;
        return room;
    }
}
