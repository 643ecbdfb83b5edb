using System.Diagnostics.Metrics;
using System.Net;
using Carillon.Connections.Upgrades;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Carillon.SocketIO.Tests;

/// <summary>A real Kestrel on a free loopback port with one Socket.IO server, and the log it wrote.</summary>
internal sealed class TestApplication : IAsyncDisposable
{
    private readonly WebApplication _application;

    private TestApplication(WebApplication application, SocketIOServer server, RecordedLog log)
    {
        _application = application;
        Server = server;
        Log = log;
        Address = new Uri(application.Services.GetRequiredService<IServer>().Features.GetRequiredFeature<IServerAddressesFeature>().Addresses.First());
        Client = new HttpClient { BaseAddress = Address };
    }

    public SocketIOServer Server { get; }

    public RecordedLog Log { get; }

    public IMeterFactory Meters => _application.Services.GetRequiredService<IMeterFactory>();

    public Uri Address { get; }

    public HttpClient Client { get; }

    /// <summary>Starts one; <paramref name="isHeld"/> chooses between WebSockets held below HTTP and those of Kestrel's requests.</summary>
    public static async Task<TestApplication> StartAsync(
        Action<SocketIOServer> configure,
        SocketIOOptions? options = null,
        TimeProvider? time = null,
        int port = 0,
        Action<IServiceCollection>? services = null,
        Action<WebApplication>? pipeline = null,
        bool isHeld = true)
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        var log = new RecordedLog();
        builder.Logging.ClearProviders().SetMinimumLevel(LogLevel.Debug).AddProvider(log);
        if (isHeld)
        {
            builder.WebHost.UseCarillonConnections();
        }

        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, port));
        if (time is not null)
        {
            builder.Services.AddSingleton(time);
        }

        services?.Invoke(builder.Services);
        WebApplication application = builder.Build();
        pipeline?.Invoke(application);
        SocketIOServer? server = null;
        application.MapSocketIO(
            "/socket.io",
            created =>
            {
                server = created;
                configure(created);
            },
            options);
        await application.StartAsync();
        return new TestApplication(application, server!, log);
    }

    /// <summary>Waits until all sockets are in a room that their connection handler puts them into: a client is answered before that runs.</summary>
    public Task AllAreInAsync(string room) => Eventually.BeTrueAsync(() => Server.Of("/").Sockets.All(socket => socket.Rooms.Contains(room)));

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await _application.DisposeAsync();
    }
}
