using Carillon.Connections.Upgrades;
using Carillon.SocketIO;
using Carillon.TrimmedApp;

WebApplicationBuilder builder = WebApplication.CreateSlimBuilder(args);
builder.Services.AddHttpContextAccessor();
builder.Services.AddSocketIO(builder.Configuration.GetSection("SocketIO"));
builder.Services.Configure<SocketIOOptions>(static options => options.Json = AppJson.Default.Options);
builder.WebHost.UseCarillonConnections();

WebApplication app = builder.Build();
app.MapSocketIO("/socket.io", io => new Shop(io).Open());

await app.StartAsync();
Console.WriteLine($"Open at {string.Join(" or ", app.Urls)}");
await app.WaitForShutdownAsync();
