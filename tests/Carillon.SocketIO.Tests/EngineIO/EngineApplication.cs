using System.Net;
using Carillon.Connections.Upgrades;
using Carillon.SocketIO.EngineIO;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Carillon.SocketIO.Tests.EngineIO;

/// <summary>A real Kestrel on a free loopback port with a bare Engine.IO server at <c>/engine.io</c>.</summary>
internal sealed class EngineApplication : IAsyncDisposable
{
    private const string Path = "/engine.io/";
    private readonly WebApplication _application;

    private EngineApplication(WebApplication application, EngineIOServer server, RecordedLog log)
    {
        _application = application;
        Server = server;
        Log = log;
        Address = new Uri(application.Services.GetRequiredService<IServer>().Features.GetRequiredFeature<IServerAddressesFeature>().Addresses.First());
    }

    public EngineIOServer Server { get; }

    public RecordedLog Log { get; }

    public Uri Address { get; }

    /// <summary>A server that sends every message back as it came.</summary>
    public static Task<EngineApplication> StartEchoAsync(
        EngineIOOptions? options = null, TimeProvider? time = null, int port = 0, HttpProtocols protocols = HttpProtocols.Http1AndHttp2, bool isHeld = false) =>
        StartAsync(Echo, options, time, port, protocols, isHeld);

    /// <summary>A server that does with each client what <paramref name="connected"/> says.</summary>
    public static async Task<EngineApplication> StartAsync(
        Func<EngineSocket, ValueTask> connected,
        EngineIOOptions? options = null,
        TimeProvider? time = null,
        int port = 0,
        HttpProtocols protocols = HttpProtocols.Http1AndHttp2,
        bool isHeld = false)
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        var log = new RecordedLog();
        builder.Logging.ClearProviders().SetMinimumLevel(LogLevel.Debug).AddProvider(log);
        if (isHeld)
        {
            builder.WebHost.UseCarillonConnections();
        }

        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, port, endpoint => endpoint.Protocols = protocols));
        if (time is not null)
        {
            builder.Services.AddSingleton(time);
        }

        WebApplication application = builder.Build();
        EngineIOServer? server = null;
        application.MapEngineIO(
            "/engine.io",
            engine =>
            {
                server = engine;
                engine.OnConnection(connected);
            },
            options);
        await application.StartAsync();
        return new EngineApplication(application, server!, log);
    }

    public EngineClient NewClient(Version? version = null) => new(Address, Path, version);

    public Task StopAsync() => _application.StopAsync();

    /// <summary>A client with a polling session.</summary>
    public async Task<EngineClient> OpenPollingAsync()
    {
        EngineClient client = NewClient();
        await client.OpenPollingAsync();
        return client;
    }

    /// <summary>A WebSocket session whose open packet was read.</summary>
    public async Task<EngineWebSocket> OpenWebSocketAsync()
    {
        using EngineClient client = NewClient();
        EngineWebSocket socket = await client.OpenWebSocketAsync();
        await socket.ReadAsync();
        return socket;
    }

    public ValueTask DisposeAsync() => _application.DisposeAsync();

    public static ValueTask Echo(EngineSocket socket)
    {
        socket.OnMessage(message =>
        {
            _ = message.IsBinary ? socket.SendBinary(message.Data.Span) : socket.SendText(message.Data.Span);
            return ValueTask.CompletedTask;
        });
        return ValueTask.CompletedTask;
    }
}
