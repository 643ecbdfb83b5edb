using System.Buffers;
using System.Runtime.InteropServices;

namespace Carillon.Connections.WebSockets;

public sealed partial class WebSocketConnection
{
    private const int Idle = 0;
    private const int Running = 1;
    private const int RunningAndMore = 2;
    private const int BatchFrames = 64;
    private const int BatchBytes = 64 * 1024;
    private const int BatchesPerTurn = 16;

    private int _work = Running;   // Idle, or one drain is scheduled or running. At first it counts as running: what is written waits for RunAsync.
    private long _blockedSince;    // Timestamp since when the network has taken nothing of the write that waits for it, or 0.
    private volatile bool _outputEnded; // Nothing is sent any more: after our close frame (RFC 6455 §5.5.1), or when nobody reads.
    private TaskCompletionSource? _stopped; // Set once the receiving half has ended; the drain completes it and never runs again.

    void IOutboxTransport.OnFramesWaiting() => Wake();

    /// <summary>Writes what waits; called by the queue that <see cref="Wake"/> put the connection in.</summary>
    internal void Drain() => _ = DrainAsync();

    private void Wake()
    {
        if (Interlocked.Exchange(ref _work, RunningAndMore) == Idle)
        {
            WriteQueue.Shared.Add(this);
        }
    }

    // One runs at a time; without waiting for the network it completes synchronously and allocates nothing.
    private async Task DrainAsync()
    {
        do
        {
            Volatile.Write(ref _work, Running);
            TaskCompletionSource? stopped = Volatile.Read(ref _stopped); // Before the write: what was queued before the stop, such as a close frame, still goes out.
            await WriteWaitingAsync();
            if (stopped is not null)
            {
                stopped.TrySetResult();
                return; // _work stays Running: no further drain is scheduled.
            }
        }
        while (Interlocked.CompareExchange(ref _work, Idle, Running) != Running);
    }

    private async Task WriteWaitingAsync()
    {
        try
        {
            for (int batches = 1; Fill(); batches++)
            {
                ValueTask<bool> flush = _link.FlushAsync();
                if (!(flush.IsCompleted ? await flush : await WatchAsync(flush)))
                {
                    _outputEnded = true; // And never undone: it may end meanwhile by other means.
                }

                if (batches % BatchesPerTurn == 0)
                {
                    await Task.Yield(); // A connection that is always busy must not keep its thread from the others.
                }
            }
        }
        catch (Exception)
        {
            // Whatever it was, the bytes that went out are unknown: the link is broken. The receiving half learns of it and ends the connection.
            _outputEnded = true;
            _link.Abort();
        }
    }

    /// <summary>The network took a part of the write under way: what is left has the whole time again.</summary>
    internal void OnWriteProgress()
    {
        if (IsBlocked)
        {
            Volatile.Write(ref _blockedSince, Math.Max(1, _heartbeat.Time.GetTimestamp()));
        }
    }

    // A write that waits for the network has a deadline, which the heartbeat watches.
    private async ValueTask<bool> WatchAsync(ValueTask<bool> flush)
    {
        Volatile.Write(ref _blockedSince, Math.Max(1, _heartbeat.Time.GetTimestamp()));
        _heartbeat.Register(this);
        try
        {
            return await flush;
        }
        finally
        {
            Volatile.Write(ref _blockedSince, 0);
            lock (_gate)
            {
                if (_closeDeadline == 0)
                {
                    _heartbeat.Unregister(this);
                }
            }
        }
    }

    // Copies what waits, up to a batch, to the output. False if nothing was.
    private bool Fill()
    {
        if (_outputEnded)
        {
            return false;
        }

        List<Frame>? own;
        byte[]? pong;
        byte[]? close;
        Outbox? outbox;
        lock (_gate)
        {
            own = _own;
            pong = _pong;
            close = _close;
            outbox = close is not null && _closeAtOnce ? null : _outbox;
            _own = null;
            _pong = null;
        }

        var written = default(Written);
        foreach (Frame frame in own ?? [])
        {
            Append(frame.WebSocketBytes, ref written);
        }

        if (pong is not null)
        {
            Append(pong, ref written);
        }

        bool drained = outbox is null || FillFromOutbox(outbox, ref written);
        if (close is not null && drained)
        {
            Append(close, ref written);
            _outputEnded = true;
        }

        if (written.Frames == 0)
        {
            return _link.HasHead;
        }

        _observer?.OnWritten(written.Frames, written.Bytes);
        return true;
    }

    // True if the outbox was left empty.
    private bool FillFromOutbox(Outbox outbox, ref Written written)
    {
        Frame[] batch = ArrayPool<Frame>.Shared.Rent(BatchFrames);
        int taken;
        do
        {
            taken = outbox.Take(batch.AsSpan(0, BatchFrames), Math.Max(1, BatchBytes - (int)written.Bytes));
            foreach (Frame frame in batch.AsSpan(0, taken))
            {
                Append(frame.WebSocketBytes, ref written);
            }
        }
        while (taken > 0 && written.Bytes < BatchBytes);

        ArrayPool<Frame>.Shared.Return(batch, clearArray: true);
        return taken == 0;
    }

    private void Append(ReadOnlyMemory<byte> bytes, ref Written written)
    {
        _link.Append(bytes);
        written.Frames++;
        written.Bytes += bytes.Length;
    }

    // Waits until no drain touches the output any more; afterwards the server may take the pipe back.
    private async Task StopWritingAsync()
    {
        var stopped = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Volatile.Write(ref _stopped, stopped);
        Wake();
        await stopped.Task;
    }

    [StructLayout(LayoutKind.Auto)]
    private struct Written
    {
        public int Frames;
        public long Bytes;
    }
}
