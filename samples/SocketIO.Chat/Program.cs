using Carillon.SocketIO;
using SocketIO.Chat;

WebApplicationBuilder builder = WebApplication.CreateSlimBuilder(args);
if (builder.Configuration["urls"] is null)
{
    builder.WebHost.UseUrls("http://localhost:5010");
}

WebApplication app = builder.Build();

// Whatever somebody types is shown as text; should that ever fail, nothing of it may run or load.
app.Use((context, next) =>
{
    context.Response.Headers.ContentSecurityPolicy = "default-src 'self'; img-src 'self' blob: data:; object-src 'none'; base-uri 'none'; frame-ancestors 'none'";
    return next(context);
});
app.UseDefaultFiles();
app.UseStaticFiles();
app.MapSocketIO("/socket.io", io => new ChatServer(io).Start(), new SocketIOOptions { Json = ChatJson.Default.Options });

await app.StartAsync();
Console.WriteLine($"Chat: open {string.Join(" or ", app.Urls)} in two browser tabs");
await app.WaitForShutdownAsync();
