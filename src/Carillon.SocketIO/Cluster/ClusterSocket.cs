using System.Text.Json;

namespace Carillon.SocketIO.Cluster;

/// <summary>A socket as it is told to other nodes.</summary>
internal sealed record ClusterSocket(string Id, string[] Rooms, Dictionary<string, JsonElement> Data, string Transport, DateTimeOffset ConnectedAt, string? RemoteAddress)
{
    /// <summary>A socket of this node, without its data.</summary>
    public static ClusterSocket Of(Socket socket) =>
        new(socket.Id, [.. socket.Rooms], [], socket.Transport, socket.ConnectedAt, socket.Handshake.RemoteAddress?.ToString());
}
