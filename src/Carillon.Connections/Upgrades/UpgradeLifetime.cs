using System.Net.Sockets;
using Microsoft.AspNetCore.Http.Features;

namespace Carillon.Connections.Upgrades;

/// <summary>Tells the application when the client of an upgrade request is gone. It watches only if asked for. Thread-safe.</summary>
internal sealed class UpgradeLifetime(Socket socket) : IHttpRequestLifetimeFeature, IDisposable
{
    private readonly Lock _gate = new(); // Guards the fields below.
    private CancellationTokenSource? _watch;
    private CancellationTokenSource? _aborted;
    private CancellationToken? _replaced;

    public bool IsAborted { get; private set; }

    public CancellationToken RequestAborted
    {
        get
        {
            CancellationToken watching;
            lock (_gate)
            {
                if (_replaced is { } replaced)
                {
                    return replaced;
                }

                if (_aborted is not null)
                {
                    return _aborted.Token;
                }

                _aborted = new CancellationTokenSource();
                if (IsAborted)
                {
                    _aborted.Cancel();
                    return _aborted.Token;
                }

                _watch ??= new CancellationTokenSource();
                watching = _watch.Token;
            }

            _ = WatchAsync(watching);
            return _aborted.Token;
        }

        set
        {
            lock (_gate)
            {
                _replaced = value;
            }
        }
    }

    public void Abort()
    {
        socket.Close(0); // A reset: the answer, if there is a part of it, must not look whole.
        OnGone();
    }

    /// <summary>Watches no more: the connection serves another purpose now.</summary>
    public void Dispose()
    {
        lock (_gate)
        {
            _watch ??= new CancellationTokenSource();
            _watch.Cancel();
        }
    }

    private async Task WatchAsync(CancellationToken cancellation)
    {
        try
        {
            await socket.ReceiveAsync(Memory<byte>.Empty, SocketFlags.None, cancellation);
            if (!cancellation.IsCancellationRequested && await PeekAsync(cancellation) == 0)
            {
                OnGone();
            }
        }
        catch (OperationCanceledException)
        {
            // Stopped.
        }
        catch (Exception error) when (error is SocketException or ObjectDisposedException)
        {
            OnGone();
        }
    }

    private ValueTask<int> PeekAsync(CancellationToken cancellation) => socket.ReceiveAsync(new byte[1], SocketFlags.Peek, cancellation);

    private void OnGone()
    {
        CancellationTokenSource? aborted;
        lock (_gate)
        {
            IsAborted = true;
            aborted = _aborted;
        }

        _ = aborted?.CancelAsync(); // What is registered there is the application's; its faults are not ours.
    }
}
