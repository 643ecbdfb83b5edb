using Carillon.AspNetCore.Channels;
using Carillon.Connections.Upgrades;
using Online;

WebApplicationBuilder builder = WebApplication.CreateSlimBuilder(args);
builder.WebHost.UseCarillonConnections(); // Not needed; it makes connections cheaper.
if (builder.Configuration["urls"] is null)
{
    builder.WebHost.UseUrls("http://localhost:5020");
}

WebApplication app = builder.Build();
app.UseDefaultFiles();
app.UseStaticFiles();
app.MapChannelSocket<OnlinePlayers>("/ws/online/{channelId}");

await app.StartAsync();
Console.WriteLine($"Players: open {string.Join(" or ", app.Urls)} in two browser tabs, or run samples/ChannelSocket.Client");
await app.WaitForShutdownAsync();
