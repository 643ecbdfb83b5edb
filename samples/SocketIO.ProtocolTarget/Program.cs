using System.Net;
using Carillon.Connections.Upgrades;
using Carillon.SocketIO;
using Carillon.SocketIO.EngineIO;
using SocketIO.ProtocolTarget;
using SocketIO.ProtocolTarget.Echo;
using SocketIO.ProtocolTarget.Namespaces;
using SocketIO.ProtocolTarget.Profiles;

// The server that protocol suites and the tests of official clients are pointed at.
if (TargetArguments.Parse(args) is not { } arguments)
{
    await Console.Error.WriteLineAsync(TargetArguments.Usage);
    return 2;
}

WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
builder.Logging.ClearProviders().SetMinimumLevel(LogLevel.Warning)
    .AddSimpleConsole().AddConsole(static console => console.LogToStandardErrorThreshold = LogLevel.Trace); // Standard output is for "listening" alone.
builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, arguments.Port));
builder.WebHost.UseCarillonConnections();
WebApplication app = builder.Build();

using var echo = new WebSocketEcho(TimeProvider.System);
app.Map("/echo", echo.HandleAsync).AcceptsWebSockets();
app.MapEngineIO("/engine.io", EngineEcho.Configure, ProfileOptions.EngineOf(arguments.Profile));
app.MapSocketIO("/socket.io", arguments.Profile == Profile.Client ? ClientNamespaces.Map : SuiteNamespaces.Map, ProfileOptions.SocketIOOf(arguments.Profile));

await app.StartAsync();
Console.WriteLine("listening");
await app.WaitForShutdownAsync();
return 0;
