using System.Runtime.InteropServices;
using Carillon.SocketIO.Packets;

namespace Carillon.SocketIO;

public sealed partial class Socket
{
    private readonly Lock _gate = new(); // Guards changes of the state, _busy, _waiting and changes of _handlers; handlers run outside of it.
    private bool _busy;
    private Queue<Work>? _waiting;

    /// <summary>Joins, unless the client is gone already. From here on work waits until <see cref="RunConnect"/> has begun it.</summary>
    internal bool TryConnect()
    {
        lock (_gate)
        {
            if (_state != SocketState.Connecting)
            {
                return false;
            }

            _state = SocketState.Connected;
            _busy = true;
            return true;
        }
    }

    /// <summary>Runs the connection handler, and then what came meanwhile.</summary>
    internal void RunConnect() => Run(new Work(WorkKind.Connect, null, default));

    /// <summary>Runs the event's handler now, or after those before it.</summary>
    internal void PostEvent(SocketEvent socketEvent) => Post(new Work(WorkKind.Event, socketEvent, default));

    private void PostDisconnect(DisconnectReason reason) => Post(new Work(WorkKind.Disconnect, null, reason));

    private void Post(Work work)
    {
        lock (_gate)
        {
            if (_busy)
            {
                (_waiting ??= new Queue<Work>()).Enqueue(work);
                _client.Backlog.Add(work.Event?.Size ?? 0);
                return;
            }

            _busy = true;
        }

        Run(work);
    }

    // Handlers that complete synchronously cost no task: only one that does not goes on in PumpAsync.
    private void Run(Work work)
    {
        do
        {
            ValueTask running = Invoke(work);
            if (!running.IsCompletedSuccessfully)
            {
                _ = PumpAsync(running, work);
                return;
            }

            work.Event?.Release();
        }
        while (TryTakeNext(out work));
    }

    private async Task PumpAsync(ValueTask running, Work work)
    {
        try
        {
            await running;
        }
        catch (Exception error)
        {
            LogFault(work, error);
        }

        work.Event?.Release();
        if (TryTakeNext(out Work next))
        {
            Run(next);
        }
    }

    private bool TryTakeNext(out Work work)
    {
        lock (_gate)
        {
            if (_waiting is null || !_waiting.TryDequeue(out work))
            {
                work = default;
                _waiting = null;
                _busy = false;
                return false;
            }
        }

        _client.Backlog.Remove(work.Event?.Size ?? 0);
        return true;
    }

    private ValueTask Invoke(Work work)
    {
        try
        {
            return work.Kind switch
            {
                WorkKind.Connect => Namespace.ConnectionHandler?.Invoke(this) ?? ValueTask.CompletedTask,
                WorkKind.Disconnect => Volatile.Read(ref _disconnectHandler)?.Invoke(work.Reason) ?? ValueTask.CompletedTask,
                _ => InvokeEvent(work.Event!),
            };
        }
        catch (Exception error)
        {
            LogFault(work, error);
            return ValueTask.CompletedTask;
        }
    }

    private ValueTask InvokeEvent(SocketEvent socketEvent)
    {
        ReadOnlySpan<byte> element = socketEvent.NameElement;
        ReadOnlySpan<byte> plain = element is [(byte)'"', .., (byte)'"'] ? element[1..^1] : element;
        string? decoded = plain.Contains((byte)'\\') ? PacketData.DecodeName(element) : null;
        foreach ((EventName name, Func<SocketEvent, ValueTask> handler) in Volatile.Read(ref _handlers))
        {
            if (decoded is null ? plain.SequenceEqual(name.Utf8) : decoded == name.Text)
            {
                socketEvent.Name = name.Text;
                return handler(socketEvent);
            }
        }

        return ValueTask.CompletedTask;
    }

    private void LogFault(Work work, Exception error)
    {
        string what = work.Kind == WorkKind.Event ? work.Event!.Name : work.Kind == WorkKind.Connect ? "connection" : "disconnect";
        _client.Server.LogHandlerFault(error, what, Namespace.Name);
    }

    private enum WorkKind
    {
        Connect,
        Event,
        Disconnect,
    }

    [StructLayout(LayoutKind.Auto)]
    private readonly record struct Work(WorkKind Kind, SocketEvent? Event, DisconnectReason Reason);
}
