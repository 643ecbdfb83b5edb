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
    private Dictionary<string, int>? _asked; // Names whose families are being looked for, with the size of the auth payload. Guarded by _gate.

    private string? OnConnect(ReadOnlySpan<byte> name, ReadOnlySpan<byte> data)
    {
        if (!data.IsEmpty && !PacketData.IsObject(data))
        {
            return "a malformed packet";
        }

        if (Find(name) is { HasLeft: false })
        {
            return JoinedTwice;
        }

        var handshake = new SocketHandshake(Session.Request, data.ToArray(), Server.ArgumentsJson);
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

    /// <summary>Whether a name is short enough for a family's namespace.</summary>
    public static bool IsFamilyName(string name) => Encoding.UTF8.GetByteCount(name) <= LongestFamilyName;

    private string? BeginSearch(string name, SocketHandshake handshake)
    {
        lock (_gate)
        {
            if (_asked?.ContainsKey(name) == true)
            {
                return JoinedTwice;
            }

            if (FindExcessNeedsLock(handshake) is { } excess)
            {
                return excess;
            }

            _asked ??= new Dictionary<string, int>(StringComparer.Ordinal);
            _asked.Add(name, handshake.Auth.Length);
        }

        _ = SearchAsync(name, handshake);
        return null;
    }

    private async Task SearchAsync(string name, SocketHandshake handshake)
    {
        ConnectRefusal refusal = InvalidNamespace;
        SocketNamespace? found = null;
        try
        {
            foreach (SocketNamespaceFamily family in Server.Families)
            {
                if (await family.AcceptsAsync(name, handshake, GoneToken()))
                {
                    found = Server.Hold(name, family);
                    break;
                }
            }
        }
        catch (Exception error)
        {
            refusal = RefusalFor(error, "namespace", name);
        }

        lock (_gate)
        {
            _asked!.Remove(name);
        }

        if (found is null)
        {
            Refuse(SocketIOFrame.PrefixOf(name), refusal);
        }
        else if (Admit(found, handshake) is { } violation)
        {
            Session.Close(new DisconnectReason(DisconnectCause.ParseError, violation));
        }
    }

    // What the client did wrong, or null.
    private string? Admit(SocketNamespace target, SocketHandshake handshake)
    {
        var socket = new Socket(this, target, handshake);
        lock (_gate)
        {
            // Asked here as well: a search for the name may have ended after the reader looked for the socket.
            bool isTaken = Array.Exists(_sockets, other => other.Namespace.Name == target.Name && !other.HasLeft);
            string? violation = isTaken ? JoinedTwice : FindExcessNeedsLock(handshake);
            if (_closed || violation is not null)
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

    // Forgets sockets that left long ago, and says what would be too much with one more.
    private string? FindExcessNeedsLock(SocketHandshake joining)
    {
        Socket[] left = Array.FindAll(_sockets, static socket => socket.State == SocketState.Disconnected);
        long authBytes = joining.Auth.Length + (_asked?.Values.Sum() ?? 0) + _sockets.Sum(static socket => (long)socket.Handshake.Auth.Length);
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

        if (socket.TryLeave(SocketState.Connecting, default))
        {
            Refuse(target.Prefix, refusal);
        }
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
