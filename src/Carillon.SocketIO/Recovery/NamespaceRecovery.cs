using System.Buffers.Text;
using System.Collections.Concurrent;
using System.Globalization;
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
    private readonly Lock _gate = new(); // Guards _last and the order of sending: what has a smaller offset is queued first. Sending only enqueues.
    private readonly SocketNamespace _namespace;
    private readonly IRecoveryStore _store;
    private readonly ConcurrentDictionary<string, ConnectedSocket> _connected = new(StringComparer.Ordinal);
    private long _last;

    public NamespaceRecovery(SocketNamespace target, ConnectionStateRecoveryOptions options)
    {
        _namespace = target;
        SkipsMiddlewares = options.SkipMiddlewares;
        _store = options.CreateStore?.Invoke(target.Name) ?? new MemoryRecoveryStore(options, target.Server.Time);
        _last = _store.LastOffset;
    }

    public bool SkipsMiddlewares { get; }

    /// <summary>Sends an event with its offset. Volatile ones are numbered as well, as clients take an event's last text for its offset, but not kept.</summary>
    public void Send(in Audience audience, EmitFlags flags, in Payload payload)
    {
        lock (_gate)
        {
            Span<byte> text = stackalloc byte[20];
            Utf8Formatter.TryFormat(++_last, text, out int length);
            Frame[] frames = PacketWriter.Event(_namespace.Prefix, payload, PacketHeader.NoId, text[..length], !flags.IsUncompressed);
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
            stale.Socket.Client.Session.Close(new DisconnectReason(DisconnectCause.TransportClose));
            await stale.Left.WaitAsync(cancellation);
        }

        return await _store.TakeAsync(privateId, cancellation);
    }

    /// <summary>Joins a new socket: it gets events after this moment.</summary>
    public bool TryConnect(Socket socket)
    {
        lock (_gate)
        {
            socket.PrivateId = SessionId.New();
            socket.JoinedAt = _last;
            socket.LastSent = _last;
            return Connect(socket, []);
        }
    }

    /// <summary>Joins a socket that takes up <paramref name="session"/>, with the events it missed. False if some of these are not kept any more, or the client is gone.</summary>
    public bool TryResume(Socket socket, RecoverableSession session)
    {
        lock (_gate)
        {
            if (MissedNeedsLock(socket, session) is not { } missed)
            {
                return false;
            }

            socket.TakeUp(session);
            socket.PrivateId = session.PrivateId;
            socket.JoinedAt = session.JoinedAt;
            socket.LastSent = Math.Max(session.LastSent, missed.Count > 0 ? missed[^1].Offset : 0);
            if (Connect(socket, missed.SelectMany(static sent => sent.Frames)))
            {
                return true;
            }
        }

        GiveBack(session);
        return false;
    }

    /// <summary>Keeps a session whose client was not let in, or was gone again before it was: it may still come.</summary>
    public void GiveBack(RecoverableSession session) => _ = SaveAsync(session);

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
        if (socket.PrivateId is not { } privateId)
        {
            return false;
        }

        if (reason.Cause is DisconnectCause.ClientNamespaceDisconnect or DisconnectCause.ServerNamespaceDisconnect or DisconnectCause.ParseError)
        {
            OnGone(privateId);
            return false;
        }

        RecoverableSession session;
        lock (_gate)
        {
            session = new RecoverableSession(privateId, socket.Id, [.. socket.RoomNames], socket.Data, socket.JoinedAt, socket.LastSent, Math.Min(leftAt, socket.FirstMissed - 1));
        }

        _ = SaveAsync(session);
        return true;
    }

    private void OnGone(string privateId)
    {
        if (_connected.TryRemove(privateId, out ConnectedSocket? gone))
        {
            gone.SetLeft();
        }
    }

    private bool Connect(Socket socket, IEnumerable<Frame> missed)
    {
        Frame greeting = PacketWriter.Connected(_namespace, socket.Id, socket.PrivateId);
        _connected[socket.PrivateId!] = new ConnectedSocket(socket);
        if (!socket.TryConnect([greeting, .. missed]))
        {
            OnGone(socket.PrivateId!);
            return false;
        }

        return true;
    }

    private List<RecoverableEvent>? MissedNeedsLock(Socket socket, RecoverableSession session)
    {
        long received = session.JoinedAt;
        if (socket.Handshake.GetAuthText("offset"u8) is { } text
            && (!long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out received) || received > _last || received < session.JoinedAt))
        {
            return null;
        }

        // A client that has all that was sent to it missed nothing before it left, however long ago its last event was.
        long after = received >= session.LastSent ? Math.Max(received, session.LeftAt) : received;
        var events = new List<RecoverableEvent>();
        if (!_store.TryRead(after, events))
        {
            return null;
        }

        var rooms = new HashSet<string>(session.Rooms, StringComparer.Ordinal) { session.SocketId };
        events.RemoveAll(sent => !sent.IsFor(rooms));

        // A client that missed more than its outbox takes would only be cut off again.
        int frames = 1 + events.Sum(static sent => sent.Frames.Count);
        long bytes = events.Sum(static sent => sent.Frames.Sum(static frame => (long)frame.Length));
        return socket.Client.Session.Outbox.HasRoomFor(frames, bytes) ? events : null;
    }

    private async Task SaveAsync(RecoverableSession session)
    {
        try
        {
            await _store.SaveAsync(session, CancellationToken.None);
        }
        catch (Exception error)
        {
            _namespace.Server.LogHandlerFault(error, "recovery store", _namespace.Name);
        }

        OnGone(session.PrivateId); // Not before: its client may ask for it at any moment.
    }
}
