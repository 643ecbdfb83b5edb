using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Carillon.AspNetCore.Tests.Authentication;

/// <summary>An issuer's address for its keys, on a real port, whose answers a test chooses.</summary>
internal sealed class KeySetServer : IAsyncDisposable
{
    private readonly WebApplication _app;
    private int _requests;

    private KeySetServer(WebApplication app)
    {
        _app = app;
        Respond = context => context.Response.WriteAsync(Keys);
    }

    public string Keys { get; set; } = TokenMaker.KeySet();

    public RequestDelegate Respond { get; set; }

    public int Requests => _requests;

    public string Address => $"{_app.Urls.First()}/keys";

    public static async Task<KeySetServer> StartAsync()
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(static kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        WebApplication app = builder.Build();
        var server = new KeySetServer(app);
        app.Run(context =>
        {
            Interlocked.Increment(ref server._requests);
            return server.Respond(context);
        });
        await app.StartAsync();
        return server;
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();
}
