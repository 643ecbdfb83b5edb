namespace Carillon.SocketIO.EngineIO;

public sealed partial class EngineSocket
{
    private Queue<EngineMessage>? _waiting; // Not null while PumpAsync runs.
    private Backlog? _backlog;

    ValueTask IEngineListener.OnMessageAsync(ReadOnlyMemory<byte> data, bool isBinary)
    {
        var message = new EngineMessage(data, isBinary);
        lock (_gate)
        {
            if (_waiting is not null)
            {
                return WaitInLineNeedsLock(message, _waiting);
            }
        }

        return _connected.IsCompleted && !_session.Outbox.IsHalfFull ? Guard(Volatile.Read(ref _messageHandler), message, "message") : HandleLater(message);
    }

    // What the client is sent for its messages must not fill the memory when it does not read. Nor may its POST wait for that: a client may want the answer before it
    // polls, and one that upgrades polls no more. So it waits only when the bounds of the backlog are reached.
    private ValueTask HandleLater(EngineMessage message)
    {
        ValueTask room;
        lock (_gate)
        {
            _waiting = new Queue<EngineMessage>();
            room = WaitInLineNeedsLock(message, _waiting);
        }

        _ = PumpAsync();
        return room;
    }

    private ValueTask WaitInLineNeedsLock(EngineMessage message, Queue<EngineMessage> line)
    {
        _backlog ??= new Backlog(_server.Options.MaxHttpBufferSize);
        line.Enqueue(message with { Data = message.Data.ToArray() });
        _backlog.Add(message.Data.Length);
        return _backlog.WaitForRoomAsync();
    }

    private async Task PumpAsync()
    {
        await _connected;
        while (TryTakeNext(out EngineMessage message))
        {
            while (_session.Outbox.IsHalfFull)
            {
                await _session.Outbox.WaitForRoomAsync();
            }

            _session.OnProgress();
            _backlog!.Remove(message.Data.Length);
            await Guard(Volatile.Read(ref _messageHandler), message, "message");
        }
    }

    private bool TryTakeNext(out EngineMessage message)
    {
        lock (_gate)
        {
            if (_waiting!.TryDequeue(out message))
            {
                return true;
            }

            _waiting = null;
            return false;
        }
    }
}
