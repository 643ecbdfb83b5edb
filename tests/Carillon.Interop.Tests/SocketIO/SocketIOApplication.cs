using System.Net;
using System.Security.Cryptography.X509Certificates;
using Carillon.SocketIO;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Carillon.Interop.Tests.SocketIO;

/// <summary>An application that is a Socket.IO server and nothing else, on a loopback port in the test's process.</summary>
internal sealed class SocketIOApplication : IAsyncDisposable
{
    private readonly WebApplication _application;

    private SocketIOApplication(WebApplication application, SocketIOServer server)
    {
        _application = application;
        Server = server;
        Address = new Uri(application.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First());
    }

    public SocketIOServer Server { get; }

    public Uri Address { get; }

    /// <summary>Starts one; port 0 takes a free one. With a certificate it serves https, else http, with Kestrel's default protocols.</summary>
    public static async Task<SocketIOApplication> StartAsync(
        Action<SocketIOServer> configure,
        SocketIOOptions? options = null,
        int port = 0,
        TimeProvider? time = null,
        X509Certificate2? certificate = null,
        Action<WebApplication>? use = null)
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, port, endpoint =>
        {
            if (certificate is not null)
            {
                endpoint.UseHttps(certificate);
            }
        }));
        if (time is not null)
        {
            builder.Services.AddSingleton(time);
        }

        WebApplication application = builder.Build();
        use?.Invoke(application);
        SocketIOServer? server = null;
        application.MapSocketIO("/socket.io", created => configure(server = created), options);
        await application.StartAsync();
        return new SocketIOApplication(application, server!);
    }

    public async ValueTask DisposeAsync()
    {
        await _application.StopAsync();
        await _application.DisposeAsync();
    }
}
