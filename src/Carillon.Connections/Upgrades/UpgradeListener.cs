using System.Net;
using System.Net.Sockets;
using System.Threading.Channels;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;

namespace Carillon.Connections.Upgrades;

/// <summary>
/// Accepts the connections of one endpoint, looks at the first bytes of each without taking them, answers clean WebSocket upgrades and gives the rest to Kestrel.
/// </summary>
internal sealed class UpgradeListener : IConnectionListener
{
    private static readonly TimeSpan PauseWithoutDescriptors = TimeSpan.FromMilliseconds(50);
    private readonly Socket _socket;
    private readonly bool _noDelay;
    private readonly SocketConnectionContextFactory _connections;
    private readonly UpgradeGate _gate;
    private readonly FirstBytesClock _clock;
    private readonly Channel<ConnectionContext> _others = Channel.CreateUnbounded<ConnectionContext>();
    private readonly Task _accepting;

    public UpgradeListener(Socket socket, bool noDelay, SocketConnectionContextFactory connections, UpgradeGate gate)
    {
        _socket = socket;
        _noDelay = noDelay;
        socket.NoDelay = noDelay;
        _connections = connections;
        _gate = gate;
        _clock = new FirstBytesClock(gate.Time);
        EndPoint = socket.LocalEndPoint!;

        // Without the context of whoever starts the server: its activities must not become the parents of all requests.
        using (ExecutionContext.SuppressFlow())
        {
            _accepting = Task.Run(AcceptAllAsync);
        }
    }

    public EndPoint EndPoint { get; }

    public async ValueTask<ConnectionContext?> AcceptAsync(CancellationToken cancellationToken = default) =>
        await _others.Reader.WaitToReadAsync(cancellationToken) && _others.Reader.TryRead(out ConnectionContext? connection) ? connection : null;

    public async ValueTask UnbindAsync(CancellationToken cancellationToken = default)
    {
        _socket.Dispose();
        await _accepting;
        _others.Writer.TryComplete();
    }

    public async ValueTask DisposeAsync()
    {
        await UnbindAsync();
        while (_others.Reader.TryRead(out ConnectionContext? unclaimed))
        {
            await unclaimed.DisposeAsync();
        }

        _clock.Dispose();
        _connections.Dispose();
    }

    /// <summary>Gives a connection to Kestrel, with all its bytes.</summary>
    public void PassOn(Socket socket)
    {
        try
        {
            ConnectionContext connection = _connections.Create(socket);
            if (!_others.Writer.TryWrite(connection))
            {
                connection.Abort(new ConnectionAbortedException("The server no longer listens."));
                socket.Dispose();
            }
        }
        catch (ObjectDisposedException)
        {
            socket.Dispose(); // The listener has ended.
        }
    }

    private async Task AcceptAllAsync()
    {
        while (true)
        {
            try
            {
                Admit(await _socket.AcceptAsync());
            }
            catch (Exception error) when (error is ObjectDisposedException or SocketException { SocketErrorCode: SocketError.OperationAborted })
            {
                return; // Unbound.
            }
            catch (SocketException error) when (error.SocketErrorCode == SocketError.TooManyOpenSockets)
            {
                UpgradeLog.TooManySockets(_gate.Logger);
                await Task.Delay(PauseWithoutDescriptors, _gate.Time);
            }
            catch (SocketException)
            {
                // That one connection was reset before it was accepted.
            }
        }
    }

    private void Admit(Socket socket)
    {
        try
        {
            if (!OperatingSystem.IsLinux())
            {
                socket.NoDelay = _noDelay; // Linux passes it on from the listening socket.
            }

            if (_gate.FindApplication(EndPoint) is { } application)
            {
                new PendingConnection(socket, this, _gate, application).Start(_clock.Current);
            }
            else
            {
                PassOn(socket);
            }
        }
        catch (Exception error)
        {
            socket.Dispose(); // Reset already, most likely. Whatever it was, the next connection must be accepted.
            if (error is not SocketException)
            {
                UpgradeLog.ApplicationFault(_gate.Logger, error);
            }
        }
    }
}
