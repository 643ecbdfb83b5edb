using Carillon.SocketIO.EngineIO;
using Carillon.SocketIO.Packets;

namespace Carillon.SocketIO;

/// <summary>One client with its sockets, one for each namespace it joined: takes the Socket.IO packets off an Engine.IO session.</summary>
internal sealed partial class SocketIOClient : IEngineListener
{
    private readonly Lock _gate = new(); // Guards changes of _sockets and _gone.
    private Socket[] _sockets = [];
    private CancellationTokenSource? _gone;
    private volatile bool _closed;
    private volatile bool _joined;

    public SocketIOClient(SocketIOServer server, EngineSession session)
    {
        Server = server;
        Session = session;
        Backlog = new Backlog(server.Options.MaxHttpBufferSize);
    }

    public SocketIOServer Server { get; }

    public EngineSession Session { get; }

    public Backlog Backlog { get; }

    public ValueTask OnMessageAsync(ReadOnlyMemory<byte> data, bool isBinary)
    {
        string? violation = isBinary ? "binary attachments are not supported" : OnPacket(data.Span);
        if (violation is not null)
        {
            Session.Close(new DisconnectReason(DisconnectCause.ParseError, violation));
        }

        return Backlog.WaitForRoomAsync();
    }

    public void OnHeartbeat(long now)
    {
        Connections.Heartbeat heartbeat = Server.Engine.Heartbeat;
        if (!_joined && now - Session.OpenedAt + heartbeat.ToTimestamp(heartbeat.Interval) > heartbeat.ToTimestamp(Server.Options.ConnectTimeout))
        {
            Session.CloseLater(new DisconnectReason(DisconnectCause.ConnectTimeout));
        }
    }

    public void OnClosed(DisconnectReason reason)
    {
        Socket[] sockets;
        CancellationTokenSource? gone;
        lock (_gate)
        {
            _closed = true;
            sockets = _sockets;
            gone = _gone;
        }

        _ = gone?.CancelAsync(); // What is registered there is the application's; its faults are not ours.
        Backlog.Release();
        foreach (Socket socket in sockets)
        {
            socket.OnLeft(reason);
        }
    }

    // What the client did wrong, or null.
    private string? OnPacket(ReadOnlySpan<byte> packet)
    {
        if (!PacketHeader.TryRead(packet, out PacketHeader header))
        {
            return "a malformed packet";
        }

        ReadOnlySpan<byte> name = packet[header.Namespace];
        ReadOnlySpan<byte> data = packet[header.DataStart..];
        switch (header.Type)
        {
            case PacketType.Connect:
                return OnConnect(name, data);
            case PacketType.BinaryEvent or PacketType.BinaryAcknowledgement:
                return "binary attachments are not supported";
            case PacketType.ConnectError:
                return "a packet only servers send";
        }

        Socket? socket = Find(name);
        if (socket is null || socket.State == SocketState.Connecting)
        {
            return "a packet for a namespace that was not joined";
        }

        if (!socket.IsConnected)
        {
            return null; // It was on its way when the socket left.
        }

        switch (header.Type)
        {
            case PacketType.Disconnect:
                socket.OnLeft(new DisconnectReason(DisconnectCause.ClientNamespaceDisconnect));
                return data.IsEmpty ? null : "a malformed packet";
            case PacketType.Event:
                return OnEvent(socket, header, data);
            default:
                // Nothing sent here asks for an acknowledgement; the reference server ignores one it does not know as well.
                return header.Id == PacketHeader.NoId || PacketData.FindElements(data) is null ? "a malformed packet" : null;
        }
    }

    private static string? OnEvent(Socket socket, in PacketHeader header, ReadOnlySpan<byte> data)
    {
        JsonSlice[]? elements = PacketData.FindElements(data);
        if (elements is null or [] || !PacketData.IsEventName(data.Slice(elements[0].Start, elements[0].Length)))
        {
            return "a malformed event";
        }

        socket.PostEvent(new SocketEvent(socket, data, elements, header.Id));
        return null;
    }

    private Socket? Find(ReadOnlySpan<byte> name)
    {
        foreach (Socket socket in Volatile.Read(ref _sockets))
        {
            if (Matches(socket.Namespace, name))
            {
                return socket;
            }
        }

        return null;
    }

    private static bool Matches(SocketNamespace candidate, ReadOnlySpan<byte> name) =>
        name.IsEmpty ? candidate.Prefix.Length == 0 : name.SequenceEqual(candidate.Utf8Name);
}
