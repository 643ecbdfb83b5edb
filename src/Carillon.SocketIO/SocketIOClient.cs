using System.Diagnostics.CodeAnalysis;
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
    private volatile BinaryPacket? _binary; // Set and used by the one who reads; the heartbeat only looks.

    public SocketIOClient(SocketIOServer server, EngineSession session)
    {
        Server = server;
        Session = session;
        Backlog = new Backlog(server.Options.MaxHttpBufferSize);
    }

    public SocketIOServer Server { get; }

    public EngineSession Session { get; }

    public Backlog Backlog { get; }

    public ReadOnlySpan<Socket> Sockets => Volatile.Read(ref _sockets);

    /// <summary>Whether announced attachments are still on their way.</summary>
    public bool AwaitsAttachments => _binary is not null;

    public ValueTask OnMessageAsync(ReadOnlyMemory<byte> data, bool isBinary)
    {
        string? violation = isBinary ? OnAttachment(data.Span) : _binary is null ? OnPacket(data.Span, []) : "text where an attachment was announced";
        if (violation is not null)
        {
            _binary = null;
            Session.Close(new DisconnectReason(DisconnectCause.ParseError, violation));
        }

        bool isConnect = !isBinary && data.Span is [(byte)PacketType.Connect, ..];
        return isConnect && Session.Outbox.IsHalfFull ? WaitForReaderAsync() : Backlog.WaitForRoomAsync();
    }

    public void OnHeartbeat(long now)
    {
        if (!_joined && IsOver(now, Session.OpenedAt, Server.Options.ConnectTimeout))
        {
            Session.CloseLater(new DisconnectReason(DisconnectCause.ConnectTimeout));
        }
        else if (_binary is { } binary && IsOver(now, binary.Since, Server.Options.AttachmentTimeout))
        {
            Session.CloseLater(new DisconnectReason(DisconnectCause.ParseError, "an announced attachment did not come in time"));
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

    // Each CONNECT is answered, and its connection handler may send: one that does not read must not fill its outbox by joining, or trying to. Events wait by themselves.
    private async ValueTask WaitForReaderAsync()
    {
        await Session.Outbox.WaitForRoomAsync();
        await Backlog.WaitForRoomAsync();
    }

    // A deadline counts as reached when the next tick would be too late.
    private bool IsOver(long now, long since, TimeSpan limit)
    {
        Connections.Heartbeat heartbeat = Server.Engine.Heartbeat;
        return now - since + heartbeat.ToTimestamp(heartbeat.Interval) > heartbeat.ToTimestamp(limit);
    }

    private string? OnAttachment(ReadOnlySpan<byte> data)
    {
        if (_binary is not { } binary)
        {
            return "binary data that no packet announced";
        }

        if (!binary.Add(data))
        {
            return null;
        }

        _binary = null;
        return OnPacket(binary.Packet, binary.Attachments);
    }

    // What the client did wrong, or null.
    private string? OnPacket(ReadOnlySpan<byte> packet, ReadOnlyMemory<byte>[] attachments)
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
            case PacketType.ConnectError:
                return "a packet only servers send";
        }

        Socket? socket = Find(name);
        if (socket is null || socket.State == SocketState.Connecting)
        {
            return "a packet for a namespace that was not joined";
        }

        if (header.Attachments > attachments.Length)
        {
            return BeginBinary(packet, header);
        }

        if (!socket.IsConnected)
        {
            return null; // It was on its way when the socket left.
        }

        if (header.Type == PacketType.Disconnect)
        {
            socket.OnLeft(new DisconnectReason(DisconnectCause.ClientNamespaceDisconnect));
            return data.IsEmpty ? null : "a malformed packet";
        }

        return OnData(socket, header, data, attachments);
    }

    private string? BeginBinary(ReadOnlySpan<byte> packet, in PacketHeader header)
    {
        if (header.Attachments > Server.Options.MaxBinaryAttachments)
        {
            return "too many attachments";
        }

        // Found now rather than after the attachments were taken in.
        ReadOnlySpan<byte> data = packet[header.DataStart..];
        JsonSlice[]? elements = PacketData.FindElements(data);
        if (elements is null || !Placeholders.AreValid(data, header.Attachments))
        {
            return "a malformed packet";
        }

        if (header.Type == PacketType.BinaryEvent && !IsEvent(data, elements))
        {
            return "a malformed event";
        }

        _binary = new BinaryPacket(packet.ToArray(), header.Attachments, Server.Engine.Heartbeat.Time.GetTimestamp());
        return null;
    }

    private static string? OnData(Socket socket, in PacketHeader header, ReadOnlySpan<byte> data, ReadOnlyMemory<byte>[] attachments)
    {
        JsonSlice[]? elements = PacketData.FindElements(data);
        if (header.Type is PacketType.Acknowledgement or PacketType.BinaryAcknowledgement)
        {
            if (elements is null || header.Id == PacketHeader.NoId)
            {
                return "a malformed packet";
            }

            socket.OnAcknowledged(header.Id, data, elements, attachments);
            return null;
        }

        if (!IsEvent(data, elements))
        {
            return "a malformed event";
        }

        socket.PostEvent(new SocketEvent(socket, data, elements, attachments, header.Id));
        return null;
    }

    private static bool IsEvent(ReadOnlySpan<byte> data, [NotNullWhen(true)] JsonSlice[]? elements) =>
        elements is [var name, ..] && PacketData.IsEventName(data.Slice(name.Start, name.Length));

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
