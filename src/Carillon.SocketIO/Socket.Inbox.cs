using System.Runtime.InteropServices;
using Atomic = System.Threading.Volatile;

namespace Carillon.SocketIO;

public sealed partial class Socket
{
    private readonly Lock _gate = new(); // Guards changes of the state, _busy, _waiting and changes of _handlers; handlers run outside of it.
    private bool _busy;
    private Queue<Work>? _waiting;

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

    // Handlers that complete synchronously cost no task: from the first that does not, PumpAsync goes on. It loops rather than call back, as a handler may
    // complete, or fail, while it is being looked at: thousands of those must not deepen the stack.
    private void Run(Work work)
    {
        bool hasWaited = false;
        do
        {
            ValueTask running = Begin(work, hasWaited);
            hasWaited = true;
            bool isDone = running.IsCompletedSuccessfully; // Asked once: it may become true at any moment, and the event must be released then.
            ValueTask releasing = isDone ? Release(work) : ValueTask.CompletedTask;
            if (!isDone || !releasing.IsCompletedSuccessfully)
            {
                _ = PumpAsync(running, isDone, releasing, work);
                return;
            }
        }
        while (TryTakeNext(out work));
    }

    private async Task PumpAsync(ValueTask running, bool isReleased, ValueTask releasing, Work work)
    {
        while (true)
        {
            await SettleAsync(running, work);
            await SettleAsync(isReleased ? releasing : Release(work), work);
            if (!TryTakeNext(out work))
            {
                return;
            }

            running = Begin(work, hasWaited: true);
            isReleased = false;
        }
    }

    private async ValueTask SettleAsync(ValueTask part, Work work)
    {
        try
        {
            await part;
        }
        catch (Exception error)
        {
            OnFault(work, error);
        }
    }

    private static ValueTask Release(Work work) => work.Event?.ReleaseAsync() ?? ValueTask.CompletedTask;

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

        return true;
    }

    // What a client asks for must not fill its outbox when it does not read: nothing else waits in there for it alone, so nothing else could fill the memory.
    private ValueTask Begin(Work work, bool hasWaited)
    {
        if (work.Kind == WorkKind.Event && _client.MustWaitToAnswer)
        {
            return BeginLaterAsync(work, hasWaited);
        }

        if (hasWaited)
        {
            EndWaiting(work);
        }

        return Invoke(work);
    }

    private async ValueTask BeginLaterAsync(Work work, bool hasWaited)
    {
        if (!hasWaited)
        {
            _client.Backlog.Add(work.Event!.Size); // Each of the client's namespaces may have one here.
        }

        TaskCompletionSource turn = await _client.WaitToAnswerAsync();
        EndWaiting(work);
        ValueTask running = Invoke(work);
        turn.SetResult(); // What a synchronous handler answered is in the outbox by now.
        await running;
    }

    private void EndWaiting(Work work)
    {
        _client.Session.OnProgress();
        _client.Backlog.Remove(work.Event?.Size ?? 0);
    }

    private ValueTask Invoke(Work work)
    {
        try
        {
            return work.Kind switch
            {
                WorkKind.Connect => Namespace.Setup.ConnectionHandler?.Invoke(this) ?? ValueTask.CompletedTask,
                WorkKind.Disconnect => Atomic.Read(ref _disconnectHandler)?.Invoke(work.Reason) ?? ValueTask.CompletedTask,
                _ => InvokeEvent(work.Event!),
            };
        }
        catch (Exception error)
        {
            OnFault(work, error);
            return ValueTask.CompletedTask;
        }
    }

    private void OnFault(Work work, Exception error)
    {
        work.Event?.AcknowledgeError(HandlerFault.TextFor(error));
        string what = work.Event?.Name ?? (work.Kind == WorkKind.Connect ? "connection" : "disconnect");
        _client.Server.LogFault(error, what, Namespace.Name, isTold: work.Event is not null);
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
