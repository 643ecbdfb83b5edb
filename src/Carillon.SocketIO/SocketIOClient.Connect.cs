using System.Text;
using Carillon.SocketIO.Packets;
using Carillon.SocketIO.Recovery;

namespace Carillon.SocketIO;

internal sealed partial class SocketIOClient
{
    /// <summary>Namespaces one client may be in; each costs memory.</summary>
    private const int MaxNamespaces = 1000;

    private const int LongestFamilyName = 255;
    private static readonly ConnectRefusal InvalidNamespace = new("Invalid namespace");
    private static readonly ConnectRefusal InternalError = new("internal error");
    private HashSet<string>? _asked; // Names whose families are being looked for. Guarded by _gate.

    private string? OnConnect(ReadOnlySpan<byte> name, ReadOnlySpan<byte> data)
    {
        if (!data.IsEmpty && !PacketData.IsObject(data))
        {
            return "a malformed packet";
        }

        if (Find(name) is { State: not SocketState.Disconnected })
        {
            return "a namespace was joined twice";
        }

        var handshake = new SocketHandshake(Session.Request, data.ToArray(), Server.ArgumentsJson);
        foreach (SocketNamespace candidate in Server.Namespaces)
        {
            if (Matches(candidate, name))
            {
                return Admit(candidate, handshake);
            }
        }

        if (Server.Families.Length > 0 && name.Length is > 0 and <= LongestFamilyName)
        {
            return BeginSearch(Encoding.UTF8.GetString(name), handshake);
        }

        Refuse(name.IsEmpty ? [] : [.. name, (byte)','], InvalidNamespace);
        return null;
    }

    private string? BeginSearch(string name, SocketHandshake handshake)
    {
        lock (_gate)
        {
            _asked ??= new HashSet<string>(StringComparer.Ordinal);
            if (_asked.Count + _sockets.Length >= MaxNamespaces || !_asked.Add(name))
            {
                return "too many namespaces";
            }
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
                    found = family.Hold(name);
                    break;
                }
            }
        }
        catch (Exception error)
        {
            LogUnlessClosed(error, "namespace", name);
            refusal = InternalError;
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
            if (_closed || _sockets.Length >= MaxNamespaces)
            {
                target.OnLeft(socket, default, leftAt: 0);
                return _closed ? null : "too many namespaces";
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

    private async Task CheckAndJoinAsync(Socket socket)
    {
        SocketNamespace target = socket.Namespace;
        ConnectRefusal? refusal;
        try
        {
            RecoverableSession? session = target.Recovery is null ? null : await target.Recovery.FindAsync(socket.Handshake, GoneToken());
            bool isKnown = session is not null && target.Recovery!.SkipsMiddlewares;
            if (isKnown && target.Recovery!.TryResume(socket, session!))
            {
                OnJoined(socket);
                return;
            }

            refusal = await CheckAsync(socket);
            if (refusal is null)
            {
                Join(socket, isKnown ? null : session);
                return;
            }
        }
        catch (Exception error)
        {
            LogUnlessClosed(error, "middleware", target.Name);
            refusal = InternalError;
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
        byte[] data = refusal.Data is null ? [] : Server.ArgumentsJson.ToUtf8(refusal.Data);
        Session.Outbox.TryEnqueue(PacketWriter.Refused(prefix, refusal.Message, data));
    }

    private void LogUnlessClosed(Exception error, string what, string namespaceName)
    {
        if (!_closed)
        {
            Server.LogHandlerFault(error, what, namespaceName);
        }
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
