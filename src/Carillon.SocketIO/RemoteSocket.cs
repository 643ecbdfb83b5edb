using Carillon.SocketIO.Cluster;
using Carillon.SocketIO.Rooms;

namespace Carillon.SocketIO;

/// <summary>A socket of this node or another as it was when it was asked for. What is sent to it, or done with it, reaches it wherever it is. Thread-safe.</summary>
public sealed class RemoteSocket : BroadcastEmitter
{
    private readonly ClusterSocket _socket;

    internal RemoteSocket(SocketNamespace target, ClusterSocket socket, EmitFlags flags)
    {
        Target = target;
        _socket = socket;
        Flags = flags;
        Audience = new Audience([socket.Id], []);
        Data = socket.Data.ToDictionary(static pair => pair.Key, static pair => (object?)pair.Value, StringComparer.Ordinal);
    }

    internal RemoteSocket(Socket socket, EmitFlags flags)
    {
        Target = socket.Namespace;
        _socket = ClusterSocket.Of(socket);
        Flags = flags;
        Audience = new Audience([socket.Id], []);
        Data = new Dictionary<string, object?>(socket.Data, StringComparer.Ordinal);
    }

    /// <summary>The socket's id.</summary>
    public string Id => _socket.Id;

    /// <summary>The rooms it is in, its own among them.</summary>
    public IReadOnlyList<string> Rooms => _socket.Rooms;

    /// <summary>The application's values: themselves for a socket of this node, as <see cref="System.Text.Json.JsonElement"/> for another's.</summary>
    public IReadOnlyDictionary<string, object?> Data { get; }

    /// <summary>How its client is connected: <c>polling</c> or <c>websocket</c>.</summary>
    public string Transport => _socket.Transport;

    /// <summary>When it joined the namespace.</summary>
    public DateTimeOffset ConnectedAt => _socket.ConnectedAt;

    /// <summary>The client's address as its node sees it, or null if there is none.</summary>
    public string? RemoteAddress => _socket.RemoteAddress;

    internal override SocketNamespace Target { get; }

    internal override Audience Audience { get; }

    internal override EmitFlags Flags { get; }

    /// <summary>Puts the socket into rooms.</summary>
    public ValueTask JoinAsync(params ReadOnlySpan<string> rooms) => SocketsJoinAsync(rooms);

    /// <summary>Takes the socket out of rooms.</summary>
    public ValueTask LeaveAsync(params ReadOnlySpan<string> rooms) => SocketsLeaveAsync(rooms);

    /// <summary>Makes the socket leave the namespace, or with <paramref name="close"/> closes its client's connection.</summary>
    public ValueTask DisconnectAsync(bool close = false) => DisconnectSocketsAsync(close);
}
