using System.Globalization;
using System.Net;
using System.Text.Json;
using Carillon.Connections.Upgrades;
using Carillon.SocketIO;

// Carillon.SocketIO alone, with the same host as the SignalR peer: WebSocket only, no log of what goes well. Everything else is the default.
// Arguments: the port; --hosting kestrel leaves WebSockets to Kestrel's HTTP, as in an application that does nothing for many connections.
int port = int.Parse(args[0], CultureInfo.InvariantCulture);
WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
builder.Logging.SetMinimumLevel(LogLevel.Warning);
builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, port));
if (!args.AsSpan(1).SequenceEqual(["--hosting", "kestrel"]))
{
    builder.WebHost.UseCarillonConnections();
}

WebApplication application = builder.Build();
SocketIOOptions options = new() { Transports = SocketIOTransports.WebSocket };
application.MapSocketIO("/socket.io", io => io.Of("/").OnConnection(socket =>
{
    socket.On("join", (string room) =>
    {
        socket.Join(room);
        return true;
    });
    socket.On("publish", (string room, JsonElement payload) => io.To(room).EmitAsync("message", payload));
}), options);
await application.StartAsync();
Console.WriteLine($"Carillon.SocketIO on .NET {Environment.Version} at http://127.0.0.1:{port}");
await application.WaitForShutdownAsync();
