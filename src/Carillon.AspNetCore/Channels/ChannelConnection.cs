using System.Security.Claims;
using Carillon.Access;
using Carillon.Connections;
using Carillon.Connections.WebSockets;
using Microsoft.Extensions.DependencyInjection;

namespace Carillon.AspNetCore.Channels;

/// <summary>The connection behind one <see cref="ChannelSocket"/>: its outbox, its deadlines, its messages, and the life of the socket's services. Thread-safe.</summary>
internal sealed partial class ChannelConnection : IOutboxOwner, IAsyncDisposable
{
    private readonly ChannelSocketServer _server;
    private readonly LiveChannel _live;
    private readonly WebSocketConnection _webSocket;
    private readonly AsyncServiceScope _scope;
    private readonly Outbox _outbox;
    private readonly Lock _gate = new(); // Guards the inbox's making, _end and _hasEnded.
    private TaskCompletionSource? _end;
    private bool _hasEnded;
    private int _isCut;
    private int _uses = 1; // The connection itself, and whatever runs of its socket.

    public ChannelConnection(
        ChannelSocketServer server, LiveChannel live, WebSocketConnection webSocket, ChannelSocket socket, AsyncServiceScope scope, ClaimsPrincipal user, Requester? authentication)
    {
        _server = server;
        _live = live;
        _webSocket = webSocket;
        _scope = scope;
        _outbox = new Outbox(server.Options.Outbox, this, server.Heartbeat.Time);
        _quietSince = server.Heartbeat.Time.GetTimestamp();
        _authentication = authentication;
        Id = ChannelSocketServer.NewConnectionId();
        Channel = new SocketChannel(live.Id, server.Roster);
        User = user;
        Socket = socket;
        socket.Bind(this);
        webSocket.Attach(_outbox);
    }

    public string Id { get; }

    public SocketChannel Channel { get; }

    public ClaimsPrincipal User { get; }

    public ChannelSocket Socket { get; }

    public ChannelJson Json => _server.Json;

    /// <summary>Where the live channel keeps it, or -1; guarded by that channel.</summary>
    public int Place { get; set; } = -1;

    public SocketChannel ChannelOf(string id) => new(id, _server.Roster);

    /// <summary>Runs the connection; see <see cref="WebSocketConnection.RunAsync"/>.</summary>
    public Task RunAsync()
    {
        _server.Heartbeat.Register(this);
        return _webSocket.RunAsync(this);
    }

    public bool Send(Frame frame) => _outbox.TryEnqueue(frame);

    /// <summary>Begins to close it, and waits for nothing; the first call decides.</summary>
    public void BeginClose(WebSocketCloseCode code, string reason) => _webSocket.Close(code, reason);

    /// <summary>Closes it and waits for its end.</summary>
    public Task CloseAsync(WebSocketCloseCode code, string reason)
    {
        BeginClose(code, reason);
        lock (_gate)
        {
            if (_hasEnded)
            {
                return Task.CompletedTask;
            }

            _end ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            return _end.Task;
        }
    }

    /// <summary>Keeps the socket and its services from being disposed, until <see cref="EndUse"/>; false if they are already.</summary>
    public bool TryUse()
    {
        int uses;
        do
        {
            uses = Volatile.Read(ref _uses);
            if (uses == 0)
            {
                return false;
            }
        }
        while (Interlocked.CompareExchange(ref _uses, uses + 1, uses) != uses);

        return true;
    }

    public void EndUse()
    {
        if (Interlocked.Decrement(ref _uses) == 0)
        {
            _ = DisposeAsync().AsTask();
        }
    }

    /// <summary>Disposes the socket and its services; called by the last who used them.</summary>
    public async ValueTask DisposeAsync()
    {
        try
        {
            _inbox?.Dispose();
            await ChannelSocketServer.DisposeAsync(Socket, _scope);
        }
        catch (Exception error)
        {
            ChannelSocketLog.DisposeFailed(_server.Logger, error, _server.Name);
        }
    }

    void IOutboxOwner.OnOutboxOverflow() => CutOff(WebSocketCloseCode.PolicyViolation, "the client reads too slowly");

    /// <summary>Has it ended for a fault of the client, or of its handler; what waits is not sent any more.</summary>
    private void CutOff(WebSocketCloseCode code, string reason)
    {
        if (Interlocked.Exchange(ref _isCut, 1) == 0)
        {
            _outbox.Close(discard: true);
            _webSocket.Close(code, reason, atOnce: true);
            ChannelSocketLog.Closed(_server.Logger, _server.Name, Channel.Id, reason);
        }
    }
}
