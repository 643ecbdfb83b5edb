using System.Text.Json;
using Carillon.SocketIO;

namespace SocketIO.ProtocolTarget.Namespaces;

/// <summary>The namespaces of profiles <c>suite</c> and <c>recovery</c>.</summary>
internal static class SuiteNamespaces
{
    // The protocol's public suite (socketio/socket.io-protocol) awaits one WebSocket message at a time, by a listener that it adds anew for each. Of two messages that
    // it reads at once, its WebSocket raises the second before that listener is there, and the suite waits for it in vain. The reference server writes the answer to
    // CONNECT and the event one by one; here, what waits goes out in one write. So `auth` is sent when that answer has been read on its own. The handler waits
    // with it, so that nothing the client sends is answered before. A poll's answer may hold both.
    private static readonly TimeSpan AuthDelay = TimeSpan.FromMilliseconds(30);
    private static readonly JsonElement Nothing = JsonElement.Parse("{}");

    public static void Map(SocketIOServer io)
    {
        var departures = new Departures();
        foreach (string name in new[] { "/", "/custom" })
        {
            io.Of(name).OnConnection(async socket =>
            {
                SuiteEvents.Listen(socket, departures);
                if (socket.Transport == "websocket")
                {
                    await Task.Delay(AuthDelay);
                }

                await socket.EmitAsync("auth", socket.Handshake.GetAuth<JsonElement?>() ?? Nothing);
            });
        }

        SocketNamespace secure = io.Of("/secure");
        secure.Use(static (socket, _) => ValueTask.FromResult(IsAuthorized(socket) ? null : new ConnectRefusal("not authorized", new { code = 401 })));
        secure.OnConnection(socket => SuiteEvents.Listen(socket, departures));
    }

    private static bool IsAuthorized(Socket socket) =>
        socket.Handshake.GetAuth<JsonElement?>() is { } auth
        && auth.TryGetProperty("token", out JsonElement token)
        && token.ValueKind == JsonValueKind.String
        && token.GetString() == "123";
}
