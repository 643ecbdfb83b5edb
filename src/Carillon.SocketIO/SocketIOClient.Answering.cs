namespace Carillon.SocketIO;

internal sealed partial class SocketIOClient
{
    private Task _lastTurn = Task.CompletedTask; // Of those that wait to answer, the last one's.

    /// <summary>Whether so much waits to be read by the client that its next handler must not begin yet, or another waits for that already.</summary>
    public bool MustWaitToAnswer => Session.Outbox.IsHalfFull || !Volatile.Read(ref _lastTurn).IsCompleted;

    /// <summary>
    /// Waits until a handler may begin. One at a time, whatever number of sockets the client has: an outbox that has room has it for one of them, not for all that wait.
    /// The caller completes what it gets as soon as its handler has begun.
    /// </summary>
    public async ValueTask<TaskCompletionSource> WaitToAnswerAsync()
    {
        var turn = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Task earlier = Interlocked.Exchange(ref _lastTurn, turn.Task);
        await earlier;
        while (Session.Outbox.IsHalfFull)
        {
            await Session.Outbox.WaitForRoomAsync();
        }

        return turn;
    }
}
