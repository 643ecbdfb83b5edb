using System.Collections.Concurrent;
using System.Text.Json;
using Carillon.SocketIO;

namespace SocketIO.ProtocolTarget.Namespaces;

/// <summary>The namespaces of profiles <c>suite</c> and <c>recovery</c>.</summary>
internal static class SuiteNamespaces
{
    // A suite that awaits one WebSocket message at a time loses the second of two that it reads at once: the answer to CONNECT gets a read of its own.
    private static readonly TimeSpan AuthDelay = TimeSpan.FromMilliseconds(30);
    private static readonly JsonElement Nothing = JsonElement.Parse("{}");

    public static void Map(SocketIOServer io)
    {
        var reasons = new ConcurrentDictionary<string, string>(StringComparer.Ordinal);
        foreach (string name in new[] { "/", "/custom" })
        {
            io.Of(name).OnConnection(async socket =>
            {
                SuiteEvents.Listen(socket, reasons);
                if (socket.Transport == "websocket")
                {
                    await Task.Delay(AuthDelay);
                }

                await socket.EmitAsync("auth", socket.Handshake.GetAuth<JsonElement?>() ?? Nothing);
            });
        }

        SocketNamespace secure = io.Of("/secure");
        secure.Use(static (socket, _) => ValueTask.FromResult(IsAuthorized(socket) ? null : new ConnectRefusal("not authorized", new { code = 401 })));
        secure.OnConnection(socket => SuiteEvents.Listen(socket, reasons));
    }

    private static bool IsAuthorized(Socket socket) =>
        socket.Handshake.GetAuth<JsonElement?>() is { } auth
        && auth.TryGetProperty("token", out JsonElement token)
        && token.ValueKind == JsonValueKind.String
        && token.GetString() == "123";
}
