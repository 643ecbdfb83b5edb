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
    private readonly Socket _socket;
    private readonly bool _noDelay;
    private readonly SocketConnectionContextFactory _connections;
    private readonly UpgradeGate _gate;
    private readonly FirstBytesClock _clock;
    private readonly AcceptFaults _faults;
    private readonly CancellationTokenSource _unbound = new();
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
        _faults = new AcceptFaults(gate.Logger, gate.Time);
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
        await _unbound.CancelAsync();
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

    /// <summary>Closes a connection that <paramref name="fault"/> left without anyone who cares for it.</summary>
    public void Drop(Socket socket, Exception fault)
    {
        socket.Dispose();
        if (fault is not (SocketException or ObjectDisposedException))
        {
            UpgradeLog.ConnectionFault(_gate.Logger, fault); // Not just a client that is gone.
        }
    }

    private async Task AcceptAllAsync()
    {
        while (!_unbound.IsCancellationRequested)
        {
            try
            {
                Admit(await _socket.AcceptAsync());
            }
            catch (Exception error) when (_unbound.IsCancellationRequested || error is ObjectDisposedException)
            {
                return;
            }
            catch (SocketException error) when (error.SocketErrorCode is SocketError.ConnectionAborted or SocketError.ConnectionReset)
            {
                // That one connection ended before it was accepted.
            }
            catch (Exception error)
            {
                await _faults.OnFaultAsync(error, _unbound.Token); // Too many open files, most likely. It will pass.
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
            Drop(socket, error); // Whatever it was, the next connection must be accepted.
        }
    }
}
