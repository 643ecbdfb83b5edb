using System.Buffers.Text;
using System.Collections.Concurrent;
using System.Globalization;
using System.Runtime.InteropServices;
using Carillon.Connections;
using Carillon.SocketIO.EngineIO;
using Carillon.SocketIO.Packets;
using Carillon.SocketIO.Rooms;

namespace Carillon.SocketIO.Recovery;

/// <summary>
/// Connection state recovery of one namespace. It numbers what is sent, so that all sockets get events in the order of their offsets, keeps it, and lets a client that
/// comes back take up its session with no gap and no duplicate. Thread-safe.
/// </summary>
internal sealed class NamespaceRecovery
{
    private const int LongestOffset = 20;

    private readonly Lock _gate = new(); // Guards _last, sockets' places in the numbering, and the order of sending: what has a smaller offset is queued first. Sending only enqueues.
    private readonly SocketNamespace _namespace;
    private readonly IRecoveryStore _store;
    private readonly ConcurrentDictionary<string, ConnectedSocket> _connected = new(StringComparer.Ordinal);
    private long _last;

    public NamespaceRecovery(SocketNamespace target, ConnectionStateRecoveryOptions options, RecoveryMemory memory)
    {
        _namespace = target;
        SkipsMiddlewares = options.SkipMiddlewares;
        _store = options.CreateStore?.Invoke(target.Name) ?? new MemoryRecoveryStore(memory);
        _last = _store.LastOffset;
    }

    public bool SkipsMiddlewares { get; }

    /// <summary>Sends an event with its offset. Volatile ones are numbered as well, as clients take an event's last text for its offset, but not kept.</summary>
    public void Send(in Audience audience, EmitFlags flags, in Payload payload)
    {
        // Encoded before the others have to wait, with an offset that is nearly always as long as the one it gets in the end.
        Span<byte> text = stackalloc byte[LongestOffset];
        Utf8Formatter.TryFormat(Volatile.Read(ref _last) + 1, text, out int expected);
        Frame[] frames = Encode(payload, flags, text[..expected]);
        lock (_gate)
        {
            Utf8Formatter.TryFormat(++_last, text, out int length);
            if (length == expected)
            {
                SetOffset(frames[0], text[..length]);
            }
            else
            {
                frames = Encode(payload, flags, text[..length]);
            }

            if (!flags.IsVolatile)
            {
                _store.Append(new RecoverableEvent(_last, frames, audience.Rooms, audience.Except));
            }

            var visitor = new RecoveryVisitor(frames, flags.IsVolatile, _last);
            _namespace.Index.Visit(audience, ref visitor);
        }
    }

    /// <summary>The session that a client asks for by its CONNECT payload, or null. A connection that still seems to live gives way to its client's new one.</summary>
    public async ValueTask<RecoverableSession?> FindAsync(SocketHandshake handshake, CancellationToken cancellation)
    {
        if (handshake.GetAuthText("pid"u8) is not { } privateId)
        {
            return null;
        }

        if (_connected.TryGetValue(privateId, out ConnectedSocket? stale))
        {
            if (!stale.Socket.HasLeft) // One that has may have left the namespace only, and its connection may be the one that asks.
            {
                stale.Socket.Client.Session.Close(new DisconnectReason(DisconnectCause.TransportClose));
            }

            await stale.Left.WaitAsync(cancellation);
        }

        return await _store.TakeAsync(privateId, cancellation);
    }

    /// <summary>Joins a new socket: it gets events after this moment.</summary>
    public bool TryConnect(Socket socket)
    {
        lock (_gate)
        {
            socket.JoinedAt = _last;
            socket.LastSent = _last;
            return ConnectNeedsLock(socket, SessionId.New(), []);
        }
    }

    /// <summary>
    /// Joins a socket that takes up <paramref name="session"/>, with the events it missed. False if some of these are not kept any more; also if the client is gone: then it may
    /// still come back for the session.
    /// </summary>
    public bool TryResume(Socket socket, RecoverableSession session)
    {
        if (FindReceived(socket.Handshake, session) is not { } received)
        {
            return false;
        }

        // A client that has all that was sent to it missed nothing before it left, however long ago its last event was.
        long after = received >= session.LastSent ? Math.Max(received, session.LeftAt) : received;
        var missed = new MissedEvents(_store, socket.Client.Session.Outbox, session, after);
        if (!missed.TryReadOn())
        {
            return false;
        }

        lock (_gate)
        {
            if (!missed.TryReadOn()) // Only what was sent since the line above.
            {
                return false;
            }

            socket.TakeUp(session);
            socket.JoinedAt = session.JoinedAt;
            socket.LastSent = Math.Max(session.LastSent, missed.LastOffset);
            if (ConnectNeedsLock(socket, session.PrivateId, missed.Frames))
            {
                return true;
            }
        }

        GiveBack(session);
        return false;
    }

    /// <summary>Keeps a session whose client was not let in, or was gone again before it was: it may still come.</summary>
    public void GiveBack(RecoverableSession session) => _ = SaveAsync(session, left: null);

    /// <summary>
    /// The last offset: all events until then were sent to the rooms that a socket is still in. To be asked before it leaves them.
    /// </summary>
    public long BeginLeave()
    {
        lock (_gate)
        {
            return _last;
        }
    }

    /// <summary>Keeps what a socket had that has left; false if it cannot come back.</summary>
    public bool OnLeft(Socket socket, DisconnectReason reason, long leftAt)
    {
        RecoverableSession? session = null;
        bool isMeant = reason.Cause is DisconnectCause.ClientNamespaceDisconnect or DisconnectCause.ServerNamespaceDisconnect or DisconnectCause.ParseError;
        lock (_gate)
        {
            if (socket.PrivateId is not { } privateId)
            {
                return false; // It had not joined.
            }

            if (!isMeant)
            {
                session = new RecoverableSession(
                    privateId, socket.Id, [.. socket.RoomNames], socket.Data, socket.JoinedAt, socket.LastSent, Math.Min(leftAt, socket.FirstMissed - 1));
            }
        }

        if (session is null)
        {
            OnGone(socket);
            return false;
        }

        _ = SaveAsync(session, socket);
        return true;
    }

    /// <summary>The namespace is gone: nobody comes back to it.</summary>
    public void End() => (_store as IDisposable)?.Dispose();

    private Frame[] Encode(in Payload payload, EmitFlags flags, ReadOnlySpan<byte> offset) =>
        PacketWriter.Event(_namespace.Prefix, payload, PacketHeader.NoId, offset, !flags.IsUncompressed);

    // The frame ends with the offset and "]. Nobody else has seen it yet, so that its bytes may still change.
    private static void SetOffset(Frame frame, ReadOnlySpan<byte> offset)
    {
        Span<byte> bytes = MemoryMarshal.AsMemory(frame.WebSocketBytes).Span;
        offset.CopyTo(bytes[^(offset.Length + 2)..]);
    }

    private void OnGone(Socket socket)
    {
        if (_connected.TryGetValue(socket.PrivateId!, out ConnectedSocket? gone) && gone.Socket == socket)
        {
            _connected.TryRemove(KeyValuePair.Create(socket.PrivateId!, gone));
            gone.SetLeft();
        }
    }

    private bool ConnectNeedsLock(Socket socket, string privateId, ReadOnlySpan<Frame> missed)
    {
        socket.PrivateId = privateId;
        socket.FirstMissed = long.MaxValue; // What a room it was put into by a check had got before was not for it.
        _connected[privateId] = new ConnectedSocket(socket);
        if (socket.TryConnect([PacketWriter.Connected(_namespace, socket.Id, privateId), .. missed]))
        {
            return true;
        }

        OnGone(socket);
        socket.PrivateId = null;
        return false;
    }

    // Offset of the last event that the client has got; null if it cannot be known.
    private long? FindReceived(SocketHandshake handshake, RecoverableSession session)
    {
        // Where nothing was sent, the client has nothing: an offset it brings is of an earlier session.
        if (session.LastSent == session.JoinedAt || handshake.GetAuthText("offset"u8) is not { } text)
        {
            return session.JoinedAt;
        }

        bool isOurs = long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out long received)
            && received >= session.JoinedAt
            && received <= Volatile.Read(ref _last);
        return isOurs ? received : null;
    }

    private async Task SaveAsync(RecoverableSession session, Socket? left)
    {
        try
        {
            await _store.SaveAsync(session, CancellationToken.None);
        }
        catch (Exception error)
        {
            _namespace.Server.LogHandlerFault(error, "recovery store", _namespace.Name);
        }

        if (left is not null)
        {
            OnGone(left); // Not before: its client may ask for it at any moment.
        }
    }
}
