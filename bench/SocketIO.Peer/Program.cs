using System.Collections.Concurrent;
using System.Text.Json;
using Carillon.Connections;
using Carillon.SocketIO;

// Carillon.SocketIO alone, with the same host as the SignalR peer: no log of what goes well, everything else the default.
int port = int.Parse(args[0], System.Globalization.CultureInfo.InvariantCulture);
WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
builder.Logging.SetMinimumLevel(LogLevel.Warning);
builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(System.Net.IPAddress.Loopback, port));

WebApplication application = builder.Build();
ConcurrentDictionary<string, ConcurrentDictionary<Socket, bool>> rooms = new(StringComparer.Ordinal);
application.MapSocketIO("/socket.io", io => io.Of("/").OnConnection(socket =>
{
    socket.On("join", call =>
    {
        call.TryGetArgument(0, out ReadOnlyMemory<byte> room);
        rooms.GetOrAdd(JsonSerializer.Deserialize<string>(room.Span)!, _ => new()).TryAdd(socket, true);
        call.Acknowledge("true"u8);
        return ValueTask.CompletedTask;
    });
    socket.On("publish", call =>
    {
        call.TryGetArgument(0, out ReadOnlyMemory<byte> room);
        call.TryGetArgument(1, out ReadOnlyMemory<byte> payload);
        Frame frame = SocketIOFrame.Event("/", "message", payload.Span);
        foreach ((Socket member, _) in rooms[JsonSerializer.Deserialize<string>(room.Span)!])
        {
            member.TrySend(frame);
        }
        return ValueTask.CompletedTask;
    });
    socket.OnDisconnect(_ =>
    {
        foreach (ConcurrentDictionary<Socket, bool> members in rooms.Values)
        {
            members.TryRemove(socket, out bool _);
        }
        return ValueTask.CompletedTask;
    });
    return ValueTask.CompletedTask;
}));
await application.StartAsync();
Console.WriteLine($"Carillon.SocketIO on .NET {Environment.Version} at http://127.0.0.1:{port}");
await application.WaitForShutdownAsync();
