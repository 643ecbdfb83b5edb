using Carillon.Deliveries;
using Carillon.Errors;
using Carillon.Topics;

namespace Carillon.MicroBench;

/// <summary>A subscriber that counts what it is given and keeps nothing; it tells when it has been given so many.</summary>
internal sealed class Counter : ISubscriber
{
    private TaskCompletionSource _reached = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _left;

    /// <summary>Begins to count; the task ends with message number <paramref name="messages"/> from here on.</summary>
    public Task CountAsync(int messages)
    {
        _reached = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Volatile.Write(ref _left, messages);
        return _reached.Task;
    }

    public void OnSubscribed(TopicName topic)
    {
    }

    public bool TryDeliver(Delivery delivery)
    {
        if (Interlocked.Add(ref _left, -delivery.Messages.Length) == 0)
        {
            _reached.SetResult();
        }

        return true;
    }

    public ValueTask WaitForRoomAsync(CancellationToken cancellationToken) => ValueTask.CompletedTask;

    public void OnEnded(TopicName topic, Error reason)
    {
    }
}
