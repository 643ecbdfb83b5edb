using System.Collections.Concurrent;
using Carillon.Deliveries;
using Carillon.Errors;
using Carillon.Messages;
using Carillon.Topics;
using Shouldly;

namespace Carillon.Tests.Hubs;

/// <summary>Records what it is given; its frames are what the shared wire format made.</summary>
internal sealed class RecordingSubscriber(RecordingSubscriber.CountingFormat format) : ISubscriber
{
    private readonly SemaphoreSlim _arrived = new(0);

    public ConcurrentQueue<string> Frames { get; } = new();

    public bool Full { get; set; }

    public void OnSubscribed(TopicName topic) => Frames.Enqueue($"subscribed {topic}");

    public bool TryDeliver(Delivery delivery)
    {
        if (Full)
        {
            return false;
        }

        foreach (string frame in delivery.FramesFor(format))
        {
            Frames.Enqueue(frame);
            _arrived.Release();
        }

        return true;
    }

    public ValueTask WaitForRoomAsync(CancellationToken cancellationToken) => ValueTask.CompletedTask;

    public void OnEnded(TopicName topic, Error reason) => Frames.Enqueue($"ended {topic} {reason.Code}");

    public async Task WaitAsync(int messages)
    {
        for (int i = 0; i < messages; i++)
        {
            (await _arrived.WaitAsync(TimeSpan.FromSeconds(30))).ShouldBeTrue("a message did not arrive");
        }
    }

    internal sealed class CountingFormat : IWireFormat<string>
    {
        private int _encoded;

        public int Encoded => _encoded;

        public string Encode(Message message)
        {
            Interlocked.Increment(ref _encoded);
            return $"{message.Topic}#{message.Offset}";
        }
    }
}
