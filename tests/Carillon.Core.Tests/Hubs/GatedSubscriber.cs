using Carillon.Deliveries;
using Carillon.Errors;
using Carillon.Messages;
using Carillon.Topics;

namespace Carillon.Tests.Hubs;

/// <summary>A subscriber who has room for kept messages when the test says so.</summary>
internal sealed class GatedSubscriber : ISubscriber
{
    // What waits goes on within Open, so that a test sees at once what it does.
    private readonly TaskCompletionSource _room = new();
    private readonly Lock _gate = new(); // guards the lists
    private readonly List<long> _offsets = [];
    private readonly List<string> _ended = [];

    /// <summary>Called when room is asked for.</summary>
    public Func<Task>? Asked { get; set; }

    public IReadOnlyList<long> Offsets
    {
        get
        {
            lock (_gate)
            {
                return [.. _offsets];
            }
        }
    }

    public IReadOnlyList<string> Ended
    {
        get
        {
            lock (_gate)
            {
                return [.. _ended];
            }
        }
    }

    public void Open() => _room.TrySetResult();

    public void OnSubscribed(TopicName topic)
    {
    }

    public bool TryDeliver(Delivery delivery)
    {
        lock (_gate)
        {
            foreach (Message message in delivery.Messages)
            {
                _offsets.Add(message.Offset);
            }
        }

        return true;
    }

    public async ValueTask WaitForRoomAsync(CancellationToken cancellationToken)
    {
        await (Asked?.Invoke() ?? Task.CompletedTask);
        await _room.Task;
    }

    public void OnEnded(TopicName topic, Error reason)
    {
        lock (_gate)
        {
            _ended.Add($"{topic} {reason.Code}");
        }
    }
}
