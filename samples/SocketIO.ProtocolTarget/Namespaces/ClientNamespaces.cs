using System.Text.Json;
using Carillon.SocketIO;

namespace SocketIO.ProtocolTarget.Namespaces;

/// <summary>The namespaces of profile <c>client</c>.</summary>
internal static class ClientNamespaces
{
    public static void Map(SocketIOServer io)
    {
        foreach (string silent in new[] { "/valid", "/asd", "/timeout_socket" })
        {
            io.Of(silent);
        }

        io.Use(static (socket, _) => Refuse(socket.Handshake.Query.ContainsKey("fail"), "Auth failed (main namespace)"));
        io.OnConnection(ClientEvents.Listen);
        io.Of("/foo").OnConnection(static socket => socket.On("getId", () => socket.Id));
        io.Of("/abc").OnConnection(static socket => socket.EmitAsync("handshake", Describe(socket)));
        io.Of("/no").Use(static (_, _) => Refuse(true, "Auth failed (custom namespace)"));
    }

    /// <summary>The handshake as the client's tests read it.</summary>
    public static object Describe(Socket socket) => new
    {
        query = socket.Handshake.Query.ToDictionary(static pair => pair.Key, static pair => pair.Value.ToString(), StringComparer.Ordinal),
        auth = socket.Handshake.GetAuth<JsonElement?>() ?? JsonElement.Parse("{}"),
        headers = socket.Handshake.Headers.ToDictionary(static pair => pair.Key, static pair => pair.Value.ToString(), StringComparer.Ordinal),
        time = socket.Handshake.Time,
        secure = socket.Handshake.IsSecure,
    };

    private static ValueTask<ConnectRefusal?> Refuse(bool isRefused, string message) => ValueTask.FromResult(isRefused ? new ConnectRefusal(message) : null);
}
