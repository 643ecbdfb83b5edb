using System.Buffers;
using System.Net.Sockets;

namespace Carillon.Connections.Upgrades;

/// <summary>A connection whose first bytes have not come yet. Without them for a few seconds it is Kestrel's, which has the timeouts for it.</summary>
internal sealed class PendingConnection(Socket socket, UpgradeListener listener, UpgradeGate gate, IUpgradeApplication application)
{
    /// <summary>A larger head, or one that has not come whole by the time of its first bytes, is left to Kestrel.</summary>
    private const int LargestHead = 8 * 1024;

    private int _decided;

    public void Start(CancellationToken late)
    {
        ValueTask<int> readable = socket.ReceiveAsync(Memory<byte>.Empty, SocketFlags.None, CancellationToken.None);
        if (readable.IsCompletedSuccessfully)
        {
            _ = readable.Result;
            ThreadPool.UnsafeQueueUserWorkItem(static connection => _ = connection.DecideAsync(), this, preferLocal: false);
        }
        else
        {
            _ = WaitAsync(readable, late.UnsafeRegister(static connection => ((PendingConnection)connection!).OnLate(), this));
        }
    }

    private async Task WaitAsync(ValueTask<int> readable, CancellationTokenRegistration registration)
    {
        try
        {
            await readable;
        }
        catch (Exception fault)
        {
            if (TryDecide())
            {
                listener.Drop(socket, fault); // Reset before it said anything.
            }
        }
        finally
        {
            registration.Unregister();
        }

        await DecideAsync();
    }

    // Called by a timer, to which a fault of one connection would be the whole process's.
    private void OnLate()
    {
        if (!TryDecide())
        {
            return;
        }

        try
        {
            listener.PassOn(socket); // Our wait for its first bytes goes on beside Kestrel's, takes none, and then does nothing.
        }
        catch (Exception fault)
        {
            listener.Drop(socket, fault);
        }
    }

    // Nobody awaits it: what goes wrong is this connection's alone, and told here or never.
    private async Task DecideAsync()
    {
        if (!TryDecide())
        {
            return;
        }

        try
        {
            if (ReadHead() is { } head)
            {
                using var exchange = new UpgradeExchange(head, socket, listener, gate);
                await exchange.RunAsync(application);
            }
            else
            {
                listener.PassOn(socket);
            }
        }
        catch (Exception fault)
        {
            listener.Drop(socket, fault);
        }
    }

    // Takes the head off the socket if this request is to be answered here. What follows it stays: the first frames of an eager client.
    private UpgradeHead? ReadHead()
    {
        byte[] buffer = ArrayPool<byte>.Shared.Rent(LargestHead);
        try
        {
            int length = socket.Receive(buffer, 0, LargestHead, SocketFlags.Peek, out SocketError error);
            UpgradeHead? head = error == SocketError.Success ? UpgradeHeadParser.TryParse(buffer.AsSpan(0, length), gate.Options.Limits) : null;
            if (head is null || !gate.Routes.Match(head.Path))
            {
                return null;
            }

            _ = socket.Receive(buffer, 0, head.Length, SocketFlags.None, out _);
            return head;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private bool TryDecide() => Interlocked.Exchange(ref _decided, 1) == 0;
}
