namespace Carillon.SocketIO;

/// <summary>
/// Counts the events of one client that wait for a handler. Over its bounds the client is not read from, so that a fast client fills
/// its own network buffers and not the server's memory. Thread-safe.
/// </summary>
/// <param name="maxBytes">How many bytes may wait.</param>
internal sealed class Backlog(int maxBytes)
{
    private const int MaxEvents = 1000;
    private readonly Lock _gate = new(); // Guards all fields.
    private int _events;
    private long _bytes;
    private bool _released;
    private TaskCompletionSource? _room;

    private bool IsFullNeedsLock => !_released && (_events >= MaxEvents || _bytes >= maxBytes);

    public void Add(int bytes)
    {
        lock (_gate)
        {
            _events++;
            _bytes += bytes;
        }
    }

    public void Remove(int bytes)
    {
        TaskCompletionSource? room = null;
        lock (_gate)
        {
            _events--;
            _bytes -= bytes;
            if (!IsFullNeedsLock)
            {
                room = _room;
                _room = null;
            }
        }

        room?.TrySetResult();
    }

    /// <summary>Completes when more may be read.</summary>
    public ValueTask WaitForRoomAsync()
    {
        lock (_gate)
        {
            if (!IsFullNeedsLock)
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
            room = _room;
            _room = null;
        }

        room?.TrySetResult();
    }
}
