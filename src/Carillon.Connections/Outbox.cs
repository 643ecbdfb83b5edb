namespace Carillon.Connections;

/// <summary>
/// The bounded queue of encoded frames of one session, and the only way to write to its client. It belongs to the session, not to a connection:
/// it survives a transport upgrade, in order and without loss. Any number of producers, one transport that takes.
/// Producers never block and never await. Thread-safe.
/// </summary>
public sealed class Outbox
{
    /// <summary>
    /// How much more a burst may hold than the bounds. The frames of a burst are shared by all outboxes they wait in, so what each costs is a reference.
    /// </summary>
    private const int BurstFactor = 64;

    private const int SmallRing = 8;
    private readonly Lock _gate = new(); // Guards every field below; held for a few instructions only, never over I/O or a call to others.
    private readonly IOutboxOwner? _owner;
    private readonly int _maxFrames;
    private readonly int _maxBytes;
    private readonly TimeSpan _burstTime;
    private readonly TimeProvider _time;
    private Frame?[] _ring = [];
    private int _head;
    private int _count;
    private long _bytes;
    private int _extraFrames; // What is left at the front of what only an empty outbox took: it does not count against those behind it.
    private long _extraBytes;
    private long? _burstSince;
    private bool _announced;
    private bool _closed;
    private IOutboxTransport? _transport;
    private TaskCompletionSource? _light;
    private TaskCompletionSource? _room;

    /// <summary>Creates an empty outbox with the bounds of <paramref name="options"/>; <paramref name="owner"/> learns of overflows.</summary>
    public Outbox(OutboxOptions options, IOutboxOwner? owner = null, TimeProvider? time = null)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        _maxFrames = options.MaxFrames;
        _maxBytes = options.MaxBytes;
        _burstTime = options.BurstTime;
        _time = time ?? TimeProvider.System;
        _owner = owner;
    }

    /// <summary>How many frames wait.</summary>
    public int Count => Volatile.Read(ref _count);

    /// <summary>How many bytes wait, WebSocket headers included.</summary>
    public long Bytes => Volatile.Read(ref _bytes);

    /// <summary>
    /// Whether a burst has lasted too long (<see cref="OutboxOptions.BurstTime"/>). The next frame would find it out; a client that reads nothing while nothing more is sent
    /// to it must be found out by its heartbeat.
    /// </summary>
    public bool IsBurstOver
    {
        get
        {
            lock (_gate)
            {
                return _burstSince is { } since && _time.GetElapsedTime(since) >= _burstTime;
            }
        }
    }

    /// <summary>
    /// Whether more than half of <see cref="OutboxOptions.MaxBytes"/> waits. Who would add what its client alone has asked for should let it read first
    /// (<see cref="WaitUntilLightAsync"/>): such frames are shared with no one, and the allowance for bursts is not meant for them. False once it is closed.
    /// </summary>
    public bool IsHeavy => !Volatile.Read(ref _closed) && Bytes > _maxBytes / 2;

    /// <summary>Whether more than half of what its bounds allow waits, in bytes or in frames. False once it is closed.</summary>
    public bool IsHalfFull => IsHeavy || (!Volatile.Read(ref _closed) && Count > _maxFrames / 2);

    /// <summary>Whether so much is within the bounds now, or within a burst, or one frame for an empty outbox. Asking changes nothing.</summary>
    public bool HasRoomFor(int frames, long bytes)
    {
        lock (_gate)
        {
            return !_closed && HasRoomNeedsLock(frames, bytes, enqueues: false);
        }
    }

    /// <summary>
    /// Appends a frame. False if the outbox is closed, or if a bound would be passed: then the owner is told as well.
    /// </summary>
    public bool TryEnqueue(Frame frame)
    {
        ArgumentNullException.ThrowIfNull(frame);
        return TryEnqueue(new ReadOnlySpan<Frame>(in frame));
    }

    /// <summary>
    /// Appends all frames, with nothing between them, or none of them; see <see cref="TryEnqueue(Frame)"/>. An empty outbox takes them, whatever they hold: no other moment
    /// would be better. If they are over the bounds, they do not count against the frames behind them: the client reads as fast as it can, and they take their time.
    /// </summary>
    public bool TryEnqueue(ReadOnlySpan<Frame> frames)
    {
        IOutboxTransport? transport = null;
        bool hasRoom;
        lock (_gate)
        {
            if (_closed)
            {
                return false;
            }

            hasRoom = HasRoomNeedsLock(frames);
            if (hasRoom)
            {
                AppendNeedsLock(frames);
                if (!_announced && _transport is not null && frames.Length > 0)
                {
                    _announced = true;
                    transport = _transport;
                }
            }
        }

        if (!hasRoom)
        {
            _owner?.OnOutboxOverflow();
        }

        transport?.OnFramesWaiting();
        return hasRoom;
    }

    /// <summary>
    /// Makes <paramref name="transport"/> the one that takes from now on, and announces what waits already.
    /// The caller makes sure that an earlier transport takes no more.
    /// </summary>
    public void Attach(IOutboxTransport transport)
    {
        ArgumentNullException.ThrowIfNull(transport);
        lock (_gate)
        {
            _transport = transport;
            _announced = _count > 0;
            if (!_announced)
            {
                return;
            }
        }

        transport.OnFramesWaiting();
    }

    /// <summary>
    /// Moves frames from the front to <paramref name="destination"/>, until that is full or the taken ones hold <paramref name="maxBytes"/> bytes or more.
    /// Returns how many; 0 means that the transport will be told of the next frame. With <paramref name="prolongsBurst"/>, taking gives a burst its whole time again: for a
    /// transport that takes less at a time than its client could read.
    /// </summary>
    public int Take(Span<Frame> destination, int maxBytes = int.MaxValue, bool prolongsBurst = false)
    {
        int taken = 0;
        TaskCompletionSource? light;
        TaskCompletionSource? room;
        lock (_gate)
        {
            long bytes = 0;
            while (taken < destination.Length && _count > 0 && bytes < maxBytes)
            {
                Frame frame = _ring[_head]!;
                _ring[_head] = null;
                _head = (_head + 1) & (_ring.Length - 1);
                _count--;
                bytes += frame.Length;
                destination[taken++] = frame;
            }

            _bytes -= bytes;
            _extraFrames = Math.Max(0, _extraFrames - taken);
            _extraBytes = Math.Max(0, _extraBytes - bytes);
            if (_burstSince is not null)
            {
                bool isOver = IsWithinBoundsNeedsLock(_count, _bytes);
                _burstSince = isOver ? null : prolongsBurst && taken > 0 ? _time.GetTimestamp() : _burstSince;
            }

            if (taken == 0 && _count == 0)
            {
                _announced = false;
                if (_ring.Length > SmallRing)
                {
                    _ring = []; // An idle session keeps no buffer worth the name.
                    _head = 0;
                }
            }

            light = TakeWaiter(ref _light, !IsHeavy);
            room = TakeWaiter(ref _room, !IsHalfFull);
        }

        light?.TrySetResult();
        room?.TrySetResult();
        return taken;
    }

    /// <summary>Completes, on another thread than the transport's, when the outbox is not <see cref="IsHeavy"/> any more. It may be again when the caller goes on.</summary>
    public ValueTask WaitUntilLightAsync()
    {
        lock (_gate)
        {
            if (!IsHeavy)
            {
                return ValueTask.CompletedTask;
            }

            _light ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            return new ValueTask(_light.Task);
        }
    }

    /// <summary>Completes, on another thread than the transport's, when the outbox is not <see cref="IsHalfFull"/> any more: who sends much that is kept elsewhere waits for this.</summary>
    public ValueTask WaitForRoomAsync()
    {
        lock (_gate)
        {
            if (!IsHalfFull)
            {
                return ValueTask.CompletedTask;
            }

            _room ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            return new ValueTask(_room.Task);
        }
    }

    /// <summary>Refuses every further frame; with <paramref name="discard"/>, what waits is dropped, else it can still be taken.</summary>
    public void Close(bool discard = false)
    {
        TaskCompletionSource? light;
        TaskCompletionSource? room;
        lock (_gate)
        {
            _closed = true;
            if (discard)
            {
                _ring = [];
                _head = 0;
                _count = 0;
                _bytes = 0;
            }

            light = TakeWaiter(ref _light, !IsHeavy);
            room = TakeWaiter(ref _room, !IsHalfFull);
        }

        light?.TrySetResult();
        room?.TrySetResult();
    }

    private static TaskCompletionSource? TakeWaiter(ref TaskCompletionSource? waiter, bool isOver)
    {
        TaskCompletionSource? taken = isOver ? waiter : null;
        if (isOver)
        {
            waiter = null;
        }

        return taken;
    }

    private bool HasRoomNeedsLock(ReadOnlySpan<Frame> frames)
    {
        long bytes = 0;
        foreach (Frame frame in frames)
        {
            bytes += frame.Length;
        }

        return HasRoomNeedsLock(frames.Length, bytes, enqueues: true);
    }

    private bool HasRoomNeedsLock(int frames, long moreBytes, bool enqueues)
    {
        int count = _count + frames;
        long bytes = _bytes + moreBytes;
        if (IsWithinBoundsNeedsLock(count, bytes))
        {
            return true;
        }

        if (_count == 0 && enqueues)
        {
            _extraFrames = frames;
            _extraBytes = moreBytes;
            return true;
        }

        return (_count == 0 && frames <= 1) || IsBurstNeedsLock(count, bytes, begins: enqueues);
    }

    private bool IsWithinBoundsNeedsLock(int count, long bytes) => count - _extraFrames <= _maxFrames && bytes - _extraBytes <= _maxBytes;

    private bool IsBurstNeedsLock(int count, long bytes, bool begins)
    {
        if (_burstTime == TimeSpan.Zero || count > (long)BurstFactor * _maxFrames || bytes > (long)BurstFactor * _maxBytes)
        {
            return false;
        }

        long now = _time.GetTimestamp();
        long since = _burstSince ?? now;
        if (begins)
        {
            _burstSince = since;
        }

        return _time.GetElapsedTime(since, now) < _burstTime;
    }

    private void AppendNeedsLock(ReadOnlySpan<Frame> frames)
    {
        while (_ring.Length - _count < frames.Length)
        {
            GrowNeedsLock();
        }

        foreach (Frame frame in frames)
        {
            _ring[(_head + _count) & (_ring.Length - 1)] = frame;
            _count++;
            _bytes += frame.Length;
        }
    }

    private void GrowNeedsLock()
    {
        var larger = new Frame?[Math.Max(4, _ring.Length * 2)]; // A power of two, so that positions wrap with a mask.
        for (int i = 0; i < _count; i++)
        {
            larger[i] = _ring[(_head + i) & (_ring.Length - 1)];
        }

        _ring = larger;
        _head = 0;
    }
}
