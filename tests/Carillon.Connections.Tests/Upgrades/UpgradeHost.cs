using System.Buffers;
using System.Diagnostics;
using System.Net;
using System.Text.Json;
using System.Threading.Channels;
using Carillon.Connections.Upgrades;
using Carillon.Connections.WebSockets;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Carillon.Connections.Tests.Upgrades;

/// <summary>An application on a real Kestrel with endpoints of all kinds. Each echo tells how its connection came about.</summary>
internal sealed class UpgradeHost : IAsyncDisposable
{
    private readonly Heartbeat _heartbeat = new(TimeProvider.System, TimeSpan.FromMilliseconds(20));
    private readonly Channel<Accepted> _accepted = Channel.CreateUnbounded<Accepted>();

    private readonly KestrelView _seen;

    private UpgradeHost(WebApplication application, KestrelView seen)
    {
        _seen = seen;
        Application = application;
    }

    public WebApplication Application { get; }

    public int Port { get; private set; }

    /// <summary>How many connections Kestrel was given.</summary>
    public int KestrelConnections => _seen.Connections;

    public static async Task<UpgradeHost> StartAsync(
        Action<WebApplicationBuilder>? configure = null, Action<WebApplication>? use = null, bool held = true, bool listen = true)
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        var seen = new KestrelView();
        builder.Logging.ClearProviders();
        if (listen)
        {
            builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0, seen.AddTo));
        }

        if (held)
        {
            builder.WebHost.UseCarillonConnections();
        }

        configure?.Invoke(builder);
        WebApplication application = builder.Build();
        var host = new UpgradeHost(application, seen);
        use?.Invoke(application);
        host.Map();
        await application.StartAsync();
        host.Port = new Uri(application.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First()).Port;
        return host;
    }

    /// <summary>Accepts the request and echoes.</summary>
    public async Task EchoAsync(HttpContext context)
    {
        if (WebSocketHandshake.FindRefusal(context) is { } status)
        {
            context.Response.StatusCode = status;
            return;
        }

        bool isHeld = context.Features.Get<IWebSocketUpgrade>() is not null;
        WebSocketConnection connection = await WebSocketHandshake.AcceptAsync(context, new WebSocketConnectionOptions(), _heartbeat);
        var accepted = new Accepted(connection, isHeld, new WeakReference(context), context.User.Identity?.Name);
        connection.Attach(accepted.Outbox);
        _accepted.Writer.TryWrite(accepted);
        await connection.RunAsync(accepted);
    }

    public Task<Accepted> NextAsync() => _accepted.Reader.ReadAsync().AsTask().WaitAsync(TimeSpan.FromSeconds(30));

    public async ValueTask DisposeAsync()
    {
        await Application.DisposeAsync();
        _heartbeat.Dispose();
    }

    /// <summary>What an endpoint sees of a request, but for its ports.</summary>
    private static string Describe(HttpContext context) => JsonSerializer.Serialize(new
    {
        context.Request.Method,
        context.Request.Scheme,
        context.Request.Protocol,
        Host = context.Request.Host.Value,
        PathBase = context.Request.PathBase.Value,
        Path = context.Request.Path.Value,
        QueryString = context.Request.QueryString.Value,
        context.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget,
        Query = context.Request.Query.ToDictionary(static pair => pair.Key, static pair => pair.Value.ToArray()),
        Cookies = context.Request.Cookies.ToDictionary(),
        Headers = context.Request.Headers.OrderBy(static pair => pair.Key, StringComparer.Ordinal)
            .ToDictionary(static pair => pair.Key, static pair => pair.Value.ToArray()),
        RemoteAddress = context.Connection.RemoteIpAddress?.ToString(),
        LocalAddress = context.Connection.LocalIpAddress?.ToString(),
        HasPorts = context.Connection.RemotePort > 0 && context.Connection.LocalPort > 0,
        HasId = context.Connection.Id.Length > 0 && context.TraceIdentifier.Length > 0,
        HasSocket = context.Features.Get<IConnectionSocketFeature>() is not null,
        context.Request.ContentLength,
        context.Request.ContentType,
        CanHaveBody = context.Features.Get<IHttpRequestBodyDetectionFeature>()?.CanHaveBody,
        IsUpgradable = context.Features.Get<IHttpUpgradeFeature>()?.IsUpgradableRequest,
        context.RequestAborted.IsCancellationRequested,
    });

    private void Map()
    {
        Application.Map("/ws", EchoAsync).AcceptsWebSockets();
        Application.Map("/unmarked", EchoAsync);
        Application.Map("/way", static context =>
            context.Response.WriteAsync(context.Features.Get<IWebSocketUpgrade>() is null ? "kestrel" : "held")).AcceptsWebSockets();
        Application.Map("/seen", static context =>
        {
            string seen = Describe(context);
            context.Response.Headers["X-Way"] = context.Features.Get<IWebSocketUpgrade>() is null ? "kestrel" : "held";
            context.Response.ContentLength = System.Text.Encoding.UTF8.GetByteCount(seen);
            return context.Response.WriteAsync(seen);
        }).AcceptsWebSockets();
        Application.Map("/fault", static context => throw new InvalidOperationException("as told")).AcceptsWebSockets();
        Application.Map("/fault-after", async context =>
        {
            await EchoAsync(context);
            throw new InvalidOperationException("as told");
        }).AcceptsWebSockets();
        Application.Map("/pages", static async context =>
        {
            context.Response.ContentLength = 100_000;
            context.Response.BodyWriter.Write(new byte[100_000]);
            await context.Response.BodyWriter.FlushAsync();
        }).AcceptsWebSockets();
        Application.Map("/body", static async (HttpContext context) =>
        {
            using var reader = new StreamReader(context.Request.Body);
            return await reader.ReadToEndAsync();
        }).AcceptsWebSockets();
    }

    internal sealed record Accepted(WebSocketConnection Connection, bool IsHeld, WeakReference Context, string? User) : IWebSocketReceiver
    {
        public Outbox Outbox { get; } = new(new OutboxOptions { MaxFrames = 1_000_000, MaxBytes = int.MaxValue });

        public TaskCompletionSource<WebSocketEnd> End { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task<WebSocketEnd> EndAsync() => End.Task.WaitAsync(TimeSpan.FromSeconds(30));

        public Activity? ActivityOfMessages { get; private set; }

        public ValueTask OnMessageAsync(ReadOnlyMemory<byte> payload, bool isBinary)
        {
            ActivityOfMessages = Activity.Current;
            Outbox.TryEnqueue(isBinary ? Frame.FromBinary(payload.Span) : Frame.FromText(payload.Span));
            return ValueTask.CompletedTask;
        }

        public void OnEnded(WebSocketEnd end) => End.SetResult(end);
    }
}
