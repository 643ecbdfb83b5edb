using System.Text;
using Carillon.SocketIO.Packets;
using Carillon.SocketIO.Recovery;

namespace Carillon.SocketIO;

internal sealed partial class SocketIOClient
{
    /// <summary>Namespaces one client may be in; each costs memory.</summary>
    private const int MaxNamespaces = 1000;

    private const int LongestFamilyName = 255;

    /// <summary>Sockets that have left are remembered for packets that were on their way then.</summary>
    private const int MaxLeftSockets = 16;

    private const string JoinedTwice = "a namespace was joined twice";
    private const string TooManyNamespaces = "too many namespaces";
    private const string TooMuchAuth = "too much auth data";
    private static readonly ConnectRefusal InvalidNamespace = new("Invalid namespace");
    private long _connects; // Counted by the one who reads.

    private string? OnConnect(ReadOnlySpan<byte> name, ReadOnlySpan<byte> data)
    {
        if (!data.IsEmpty && !PacketData.IsObject(data))
        {
            return "a malformed packet";
        }

        return Begin(name, new SocketHandshake(Session.Request, data.ToArray(), Server.ArgumentsJson) { Order = ++_connects });
    }

    // What the client did wrong, or null.
    private string? Begin(ReadOnlySpan<byte> name, SocketHandshake handshake)
    {
        if (Find(name) is { } present && TryTakePlace(present, handshake, out string? violation))
        {
            return violation;
        }

        foreach (SocketNamespace candidate in Server.Namespaces)
        {
            if (Matches(candidate, name))
            {
                return Admit(candidate, handshake);
            }
        }

        if (name.Length > LongestFamilyName)
        {
            return "a malformed packet"; // No refusal, which would hold the whole name.
        }

        if (Server.Families.Length > 0 && !name.IsEmpty)
        {
            return BeginSearch(Encoding.UTF8.GetString(name), handshake);
        }

        Refuse(name.IsEmpty ? [] : [.. name, (byte)','], InvalidNamespace);
        return null;
    }

    // What the client did wrong, or null.
    private string? Admit(SocketNamespace target, SocketHandshake handshake)
    {
        var socket = new Socket(this, target, handshake);
        string? violation = null;
        lock (_gate)
        {
            // Asked here as well: a search for the name may have ended after the reader looked for the socket.
            bool isTaken = Array.Find(_sockets, other => other.Namespace.Name == target.Name) is { } present && TryTakePlace(present, handshake, out violation);
            if (!isTaken)
            {
                violation = FindExcessNeedsLock(handshake);
            }

            if (_closed || isTaken || violation is not null)
            {
                target.OnLeft(socket, default, leftAt: 0);
                return _closed ? null : violation;
            }

            _sockets = [.. _sockets.Where(other => other.Namespace.Name != target.Name), socket];
        }

        if (target.Setup.Middleware.Length == 0 && target.Recovery is null)
        {
            Join(socket, session: null);
        }
        else
        {
            _ = CheckAndJoinAsync(socket);
        }

        return null;
    }

    // True if a socket of the namespace stands where a CONNECT would have one, and there is nothing more to do. While it has not joined, the client does not know of it: it has
    // started over, as the official client does that disconnects and connects again in one go, and expects one answer, to its last CONNECT.
    private bool TryTakePlace(Socket present, SocketHandshake handshake, out string? violation)
    {
        violation = null;
        lock (_gate)
        {
            if (present.HasLeft)
            {
                return false;
            }

            bool isLater = handshake.Order > present.Handshake.Order;
            violation = isLater && present.State == SocketState.Connecting ? FindExcessNeedsLock(handshake) : null;
            if (isLater && violation is null && !present.TrySupersede(handshake))
            {
                violation = present.HasLeft ? null : JoinedTwice;
                return violation is not null;
            }

            return true;
        }
    }

    // Forgets sockets that left long ago, and says what would be too much with one more.
    private string? FindExcessNeedsLock(SocketHandshake joining)
    {
        Socket[] left = Array.FindAll(_sockets, static socket => socket.State == SocketState.Disconnected);
        long authBytes = joining.Auth.Length
            + (_asked?.Values.Sum(static asking => (long)asking.Auth.Length) ?? 0)
            + _sockets.Sum(static socket => (long)socket.Handshake.Auth.Length + (socket.Successor?.Auth.Length ?? 0));
        if (left.Length > MaxLeftSockets || (left.Length > 0 && authBytes > Server.Options.MaxHttpBufferSize))
        {
            authBytes -= left.Sum(static socket => (long)socket.Handshake.Auth.Length);
            _sockets = [.. _sockets.Except(left)];
        }

        return _sockets.Length + (_asked?.Count ?? 0) >= MaxNamespaces ? TooManyNamespaces
            : authBytes > Server.Options.MaxHttpBufferSize ? TooMuchAuth
            : null;
    }

    private async Task CheckAndJoinAsync(Socket socket)
    {
        SocketNamespace target = socket.Namespace;
        ConnectRefusal? refusal;
        RecoverableSession? session = null;
        try
        {
            session = target.Recovery is null ? null : await target.Recovery.FindAsync(socket.Handshake, GoneToken());
            bool isKnown = session is not null && target.Recovery!.SkipsMiddlewares;
            if (isKnown)
            {
                if (target.Recovery!.TryResume(socket, session!))
                {
                    OnJoined(socket);
                    return;
                }

                session = null; // It was given back if the client may still come for it.
            }

            refusal = await CheckAsync(socket);
            if (refusal is null)
            {
                Join(socket, session);
                return;
            }
        }
        catch (Exception error)
        {
            refusal = RefusalFor(error, "middleware", target.Name);
        }

        if (session is not null)
        {
            target.Recovery!.GiveBack(session);
        }

        GiveUp(socket, refusal);
    }

    private async ValueTask<ConnectRefusal?> CheckAsync(Socket socket)
    {
        foreach (Func<Socket, CancellationToken, ValueTask<ConnectRefusal?>> check in socket.Namespace.Setup.Middleware)
        {
            if (await check(socket, GoneToken()) is { } refusal)
            {
                return refusal;
            }
        }

        return null;
    }

    private void Join(Socket socket, RecoverableSession? session)
    {
        bool hasJoined = socket.Namespace.Recovery is { } recovery
            ? (session is not null && recovery.TryResume(socket, session)) || recovery.TryConnect(socket)
            : socket.TryConnect([PacketWriter.Connected(socket.Namespace, socket.Id, privateId: null)]);
        if (hasJoined)
        {
            OnJoined(socket);
        }
        else
        {
            GiveUp(socket, refusal: null);
        }
    }

    // A socket has not joined, and never will: it was refused, or another is to take its place, or its client is gone.
    private void GiveUp(Socket socket, ConnectRefusal? refusal)
    {
        if (!socket.TryLeave(SocketState.Connecting, default))
        {
            return;
        }

        if (socket.Successor is { } successor)
        {
            BeginLater(socket.Namespace.Name, successor);
        }
        else if (refusal is not null)
        {
            Refuse(socket.Namespace.Prefix, refusal);
        }
    }

    // For a CONNECT that waited for an earlier one.
    private void BeginLater(string name, SocketHandshake handshake)
    {
        if (Begin(name == "/" ? [] : Encoding.UTF8.GetBytes(name), handshake) is { } violation)
        {
            Session.Close(new DisconnectReason(DisconnectCause.ParseError, violation));
        }
    }

    private void OnJoined(Socket socket)
    {
        _joined = true;
        socket.RunConnect();
    }

    private void Refuse(ReadOnlySpan<byte> prefix, ConnectRefusal refusal)
    {
        byte[] data = [];
        try
        {
            data = refusal.Data is null ? [] : Server.ArgumentsJson.ToUtf8(refusal.Data);
        }
        catch (Exception error)
        {
            Server.LogHandlerFault(error, "middleware", Encoding.UTF8.GetString(prefix)); // Refused all the same, without the data.
        }

        Session.Outbox.TryEnqueue(PacketWriter.Refused(prefix, Server.ArgumentsJson.ToUtf8(refusal.Message), data));
    }

    private ConnectRefusal RefusalFor(Exception error, string what, string namespaceName)
    {
        if (!_closed)
        {
            Server.LogFault(error, what, namespaceName, isTold: true);
        }

        return new ConnectRefusal(HandlerFault.TextFor(error));
    }

    internal CancellationToken GoneToken()
    {
        lock (_gate)
        {
            _gone ??= new CancellationTokenSource();
            return _closed ? new CancellationToken(canceled: true) : _gone.Token;
        }
    }
}
