using System.Net;
using System.Security.Cryptography.X509Certificates;
using System.Threading.Channels;
using Carillon.Connections.Upgrades;
using Carillon.Connections.WebSockets;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Carillon.Connections.Tests.WebSockets;

/// <summary>Kestrel on a free loopback port that echoes at <c>/ws</c> through an outbox, and shows the test what happens.</summary>
internal sealed class WebSocketHost : IAsyncDisposable
{
    private readonly WebApplication _application;
    private readonly Heartbeat _heartbeat = new(TimeProvider.System, TimeSpan.FromMilliseconds(20));
    private readonly Channel<Accepted> _accepted = Channel.CreateUnbounded<Accepted>();

    private WebSocketHost(WebSocketConnectionOptions options, X509Certificate2? certificate, bool held, Action<ListenOptions>? configure)
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0, endpoint =>
        {
            if (certificate is not null)
            {
                endpoint.UseHttps(certificate);
            }

            configure?.Invoke(endpoint);
        }));
        if (held)
        {
            builder.WebHost.UseCarillonConnections();
        }

        _application = builder.Build();
        _application.Map("/ws", async (HttpContext context) =>
        {
            if (WebSocketHandshake.FindRefusal(context) is { } status)
            {
                context.Response.StatusCode = status;
                return;
            }

            WebSocketConnection connection = await WebSocketHandshake.AcceptAsync(context, options, _heartbeat);
            var accepted = new Accepted(connection);
            connection.Attach(accepted.Outbox);
            await _accepted.Writer.WriteAsync(accepted);
            await connection.RunAsync(new Echo(accepted));
        }).AcceptsWebSockets();
    }

    public int Port { get; private set; }

    public static async Task<WebSocketHost> StartAsync(
        WebSocketConnectionOptions? options = null, X509Certificate2? certificate = null, bool held = true, Action<ListenOptions>? endpoint = null)
    {
        var host = new WebSocketHost(options ?? new WebSocketConnectionOptions(), certificate, held, endpoint);
        await host._application.StartAsync();
        host.Port = new Uri(host._application.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First()).Port;
        return host;
    }

    public Task<Accepted> NextAsync() => _accepted.Reader.ReadAsync().AsTask().WaitAsync(TimeSpan.FromSeconds(30));

    public async ValueTask DisposeAsync()
    {
        await _application.DisposeAsync();
        _heartbeat.Dispose();
    }

    internal sealed record Accepted(WebSocketConnection Connection)
    {
        public Outbox Outbox { get; } = new(new OutboxOptions { MaxFrames = 1_000_000, MaxBytes = int.MaxValue });

        public TaskCompletionSource<WebSocketEnd> End { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task<WebSocketEnd> EndAsync() => End.Task.WaitAsync(TimeSpan.FromSeconds(30));
    }

    private sealed class Echo(Accepted accepted) : IWebSocketReceiver
    {
        public ValueTask OnMessageAsync(ReadOnlyMemory<byte> payload, bool isBinary)
        {
            accepted.Outbox.TryEnqueue(isBinary ? Frame.FromBinary(payload.Span) : Frame.FromText(payload.Span));
            return ValueTask.CompletedTask;
        }

        public void OnEnded(WebSocketEnd end) => accepted.End.SetResult(end);
    }
}
