using System.Collections.Concurrent;
using System.Globalization;
using Carillon.Connections;
using Carillon.SocketIO.EngineIO;
using Carillon.SocketIO.Packets;

namespace Carillon.SocketIO.Recovery;

internal sealed partial class NamespaceRecovery
{
    private readonly ConcurrentDictionary<string, ConnectedSocket> _connected = new(StringComparer.Ordinal);

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
    /// Joins a socket that takes up <paramref name="session"/>, with the events it missed. False if some of these are not kept any more; also if the client is gone, or asked again
    /// meanwhile: then it may still come for the session.
    /// </summary>
    public bool TryResume(Socket socket, RecoverableSession session)
    {
        if (TryTakeUp(socket, session))
        {
            return true;
        }

        if (!socket.Client.Session.IsOpen || socket.Successor is not null)
        {
            GiveBack(session);
        }

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

    private bool TryTakeUp(Socket socket, RecoverableSession session)
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
            return ConnectNeedsLock(socket, session.PrivateId, missed.Frames);
        }
    }

    private bool ConnectNeedsLock(Socket socket, string privateId, ReadOnlySpan<Frame> missed)
    {
        socket.PrivateId = privateId;
        socket.FirstMissed = long.MaxValue; // What a room it was put into by a check had got before was not for it.
        socket.Connected = new ConnectedSocket(socket);
        _connected[privateId] = socket.Connected;
        if (socket.TryConnect([PacketWriter.Connected(_namespace, socket.Id, privateId), .. missed]))
        {
            return true;
        }

        OnGone(socket);
        socket.PrivateId = null;
        socket.Connected = null;
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

    private void OnGone(Socket socket)
    {
        if (socket.Connected is { } gone)
        {
            _connected.TryRemove(KeyValuePair.Create(socket.PrivateId!, gone)); // Another socket may have taken up the session already.
            gone.SetLeft();
        }
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
