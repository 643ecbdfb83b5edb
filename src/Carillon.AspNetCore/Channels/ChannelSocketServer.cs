using System.Security.Cryptography;
using Carillon.Channels;
using Carillon.Connections;
using Carillon.Connections.WebSockets;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Carillon.AspNetCore.Channels;

/// <summary>One mounted class of channel sockets: lets clients in, keeps its channels, sends their objects. Thread-safe.</summary>
internal sealed partial class ChannelSocketServer : IChannelWatcher, IChannelUpdates
{
    private static readonly TimeSpan ShortestTick = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan LongestTick = TimeSpan.FromMilliseconds(500);

    private readonly IServiceProvider _services;
    private readonly Func<IServiceProvider, ChannelSocket> _createSocket;
    private readonly ChannelDoor _door;
    private readonly ChannelTable _channels;
    private readonly WebSocketConnectionOptions _webSocketOptions;

    public ChannelSocketServer(
        string name,
        ChannelSocketOptions options,
        ChannelJson json,
        IServiceProvider services,
        IChannelMembership membership,
        Func<IServiceProvider, ChannelSocket> createSocket,
        ILogger logger)
    {
        Name = name;
        Options = options;
        Json = json;
        Logger = logger;
        _services = services;
        _createSocket = createSocket;
        _door = new ChannelDoor(options);
        _channels = new ChannelTable(options.MaxConnections, options.MaxConnectionsPerChannel, this);
        _webSocketOptions = new WebSocketConnectionOptions { MaxMessageSize = options.MaxMessageSize, WriteTimeout = options.Outbox.WriteTimeout };
        TimeSpan tick = (options.PingInterval < options.PingTimeout ? options.PingInterval : options.PingTimeout) / 8;
        Heartbeat = new Heartbeat(
            services.GetService<TimeProvider>() ?? TimeProvider.System, tick < ShortestTick ? ShortestTick : tick > LongestTick ? LongestTick : tick, logger);
        Roster = membership.Open(name, this);
    }

    public string Name { get; }

    public ChannelSocketOptions Options { get; }

    public ChannelJson Json { get; }

    public ILogger Logger { get; }

    public Heartbeat Heartbeat { get; }

    public IChannelRoster Roster { get; }

    public static string NewConnectionId() => RandomNumberGenerator.GetHexString(24, lowercase: true);

    public static async ValueTask DisposeAsync(ChannelSocket socket, AsyncServiceScope scope)
    {
        await using (scope)
        {
            if (socket is IAsyncDisposable asynchronous)
            {
                await asynchronous.DisposeAsync();
            }
            else
            {
                (socket as IDisposable)?.Dispose();
            }
        }
    }

    /// <summary>Answers one request.</summary>
    public async Task HandleAsync(HttpContext context)
    {
        string? id = _stopping.IsCancellationRequested
            ? await ChannelDoor.RefuseAsync(context, "The server is stopping")
            : await _door.EnterAsync(context);
        if (id is null)
        {
            return;
        }

        if (!_channels.TryReserve(id, out LiveChannel? channel, out string? refusal))
        {
            await ChannelDoor.RefuseAsync(context, refusal);
            return;
        }

        await OpenAsync(context, channel);
    }

    /// <summary>A connection has ended.</summary>
    public void OnEnded(ChannelConnection connection, LiveChannel channel)
    {
        channel.Remove(connection);
        _channels.Release(channel);
        _ = LeaveAsync(connection);
    }

    void IChannelWatcher.OnChanged(string channel, ChannelChange change) => OnChanged(channel, change);

    private void OnChanged(string channel, ChannelChange change)
    {
        if (change == ChannelChange.Joined || Options.SendOnDisconnect)
        {
            _channels.Find(channel)?.Update();
        }
    }

    private async Task LeaveAsync(ChannelConnection connection)
    {
        try
        {
            await Roster.LeaveAsync(connection.Channel.Id, connection.Id, CancellationToken.None);
            OnChanged(connection.Channel.Id, ChannelChange.Left);
        }
        catch (Exception error)
        {
            ChannelSocketLog.LeaveFailed(Logger, error, Name, connection.Channel.Id);
        }
    }
}
