using System.Net;
using Carillon.AspNetCore.Channels;
using Carillon.Channels;
using Carillon.Channels.InMemory;
using Carillon.Connections.Upgrades;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Shouldly;

namespace Carillon.AspNetCore.Tests.Channels;

/// <summary>An application with channel sockets at <c>/ws/online/{channelId}</c>, on a real Kestrel at a free loopback port.</summary>
internal sealed class ChannelApplication : IAsyncDisposable
{
    private readonly WebApplication _app;

    private ChannelApplication(WebApplication app, Stage stage, RecordedLog log)
    {
        _app = app;
        Stage = stage;
        Log = log;
        Address = new UriBuilder(app.Urls.First()) { Scheme = "ws" }.Uri;
        Http = new HttpClient { BaseAddress = new Uri(app.Urls.First()) };
    }

    public Stage Stage { get; }

    public RecordedLog Log { get; }

    public Uri Address { get; }

    public HttpClient Http { get; }

    public IChannelMembership Membership => _app.Services.GetRequiredService<IChannelMembership>();

    public static async Task<ChannelApplication> StartAsync(
        bool held,
        Action<ChannelSocketOptions>? configure = null,
        Action<WebApplicationBuilder>? build = null,
        Action<WebApplication>? map = null,
        IChannelMembership? membership = null)
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        var log = new RecordedLog("Carillon.ChannelSockets", "Carillon.WebSockets");
        builder.Logging.ClearProviders();
        builder.Logging.AddProvider(log);
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        if (held)
        {
            builder.WebHost.UseCarillonConnections();
        }

        var stage = new Stage();
        builder.Services.AddSingleton(stage);
        builder.Services.AddScoped<StageSocket.ScopedResource>();
        builder.Services.AddSingleton(membership ?? new InMemoryChannelMembership());
        builder.Services.Configure<ChannelSocketOptions>(static options => options.UpdateInterval = TimeSpan.Zero);
        build?.Invoke(builder);
        WebApplication app = builder.Build();
        if (map is null)
        {
            app.MapChannelSocket<StageSocket>("/ws/online/{channelId}", configure);
        }
        else
        {
            map(app);
        }

        await app.StartAsync();
        return new ChannelApplication(app, stage, log);
    }

    public Task<ChannelClient> ConnectAsync(string channel = "lobby") => ChannelClient.ConnectAsync(new Uri(Address, $"/ws/online/{channel}"));

    /// <summary>Two clients in the lobby that have been sent all there was to send.</summary>
    public async Task<(ChannelClient First, ChannelClient Second)> ConnectTwoAsync()
    {
        ChannelClient first = await ConnectAsync();
        (await first.NextAsync()).Count.ShouldBe(1);
        ChannelClient second = await ConnectAsync();
        (await first.NextAsync()).Count.ShouldBe(2);
        (await second.NextAsync()).Count.ShouldBe(2);
        return (first, second);
    }

    /// <summary>The status that a WebSocket to <paramref name="path"/> is refused with.</summary>
    public Task<HttpStatusCode> RefusalAsync(string path, params (string Name, string Value)[] headers) =>
        ChannelClient.RefusalAsync(new Uri(Address, path), headers);

    /// <summary>How many are in a channel, as the other nodes see it.</summary>
    public async Task CountShouldBecomeAsync(int count, string channel = "lobby")
    {
        await using IChannelRoster roster = Membership.Open(typeof(StageSocket).FullName!, new NoWatcher());
        await Eventually.ShouldAsync(async () => await roster.CountAsync(channel, CancellationToken.None) == count);
    }

    public Task StopAsync() => _app.Lifetime.ApplicationStopping.IsCancellationRequested ? Task.CompletedTask : _app.StopAsync();

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        await StopAsync();
        await _app.DisposeAsync();
    }

    private sealed class NoWatcher : IChannelWatcher
    {
        public void OnChanged(string channel, ChannelChange change)
        {
        }
    }
}
