using System.Globalization;
using System.Net;
using Microsoft.AspNetCore.Http.Connections;
using Microsoft.AspNetCore.SignalR;
using SignalR.Peer;

// SignalR with its JSON protocol as a fair engineer sets it up: WebSocket only, no log of what goes well. Everything else is the default.
int port = int.Parse(args[0], CultureInfo.InvariantCulture);
WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
builder.Logging.SetMinimumLevel(LogLevel.Warning);
builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, port));
builder.Services.AddSignalR();

WebApplication application = builder.Build();
application.MapHub<RoomHub>("/hub", options => options.Transports = HttpTransportType.WebSockets);
await application.StartAsync();
string version = typeof(Hub).Assembly.GetName().Version!.ToString(2);
Console.WriteLine($"SignalR {version} on .NET {Environment.Version} at http://127.0.0.1:{port}");
await application.WaitForShutdownAsync();
