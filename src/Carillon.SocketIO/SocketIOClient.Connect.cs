using Carillon.SocketIO.Packets;

namespace Carillon.SocketIO;

internal sealed partial class SocketIOClient
{
    private static readonly ConnectRefusal InvalidNamespace = new("Invalid namespace");
    private static readonly ConnectRefusal InternalError = new("internal error");

    private string? OnConnect(ReadOnlySpan<byte> name, ReadOnlySpan<byte> data)
    {
        if (!data.IsEmpty && !PacketData.IsObject(data))
        {
            return "a malformed packet";
        }

        SocketNamespace? target = null;
        foreach (SocketNamespace candidate in Server.Namespaces)
        {
            if (Matches(candidate, name))
            {
                target = candidate;
            }
        }

        if (target is null)
        {
            byte[] prefix = [.. name, (byte)','];
            Session.Outbox.TryEnqueue(PacketWriter.Refused(name.IsEmpty ? default : prefix, InvalidNamespace));
            return null;
        }

        if (Find(name) is { State: not SocketState.Disconnected })
        {
            return "a namespace was joined twice";
        }

        var socket = new Socket(this, target, new SocketHandshake(Session.Request, data.ToArray()));
        lock (_gate)
        {
            if (_closed)
            {
                return null;
            }

            _sockets = [.. _sockets.Where(other => other.Namespace != target), socket];
        }

        if (target.Middleware.IsEmpty)
        {
            Join(socket);
        }
        else
        {
            _ = CheckAndJoinAsync(socket);
        }

        return null;
    }

    private async Task CheckAndJoinAsync(Socket socket)
    {
        ConnectRefusal? refusal = null;
        try
        {
            foreach (Func<SocketHandshake, CancellationToken, ValueTask<ConnectRefusal?>> check in socket.Namespace.Middleware.ToArray())
            {
                refusal = await check(socket.Handshake, GoneToken());
                if (refusal is not null)
                {
                    break;
                }
            }
        }
        catch (Exception error)
        {
            if (!_closed)
            {
                Server.LogHandlerFault(error, "middleware", socket.Namespace.Name);
            }

            refusal = InternalError;
        }

        if (refusal is null)
        {
            Join(socket);
        }
        else if (socket.TryLeave(SocketState.Connecting))
        {
            Session.Outbox.TryEnqueue(PacketWriter.Refused(socket.Namespace.Prefix, refusal));
        }
    }

    private void Join(Socket socket)
    {
        socket.Namespace.Add(socket);
        if (!socket.TryConnect())
        {
            socket.Namespace.Remove(socket); // The session ended meanwhile.
            return;
        }

        _joined = true;
        socket.TrySend(PacketWriter.Connected(socket.Namespace, socket.Id));
        socket.RunConnect();
    }

    private CancellationToken GoneToken()
    {
        lock (_gate)
        {
            _gone ??= new CancellationTokenSource();
            return _closed ? new CancellationToken(canceled: true) : _gone.Token;
        }
    }
}
