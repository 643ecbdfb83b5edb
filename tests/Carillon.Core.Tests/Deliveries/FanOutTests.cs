using Carillon.Deliveries;
using Carillon.Diagnostics;
using Carillon.Errors;
using Carillon.Messages;
using Carillon.Monitoring;
using Carillon.Topics;
using Carillon.Topics.Patterns;
using Shouldly;
using Xunit;

namespace Carillon.Tests.Deliveries;

public sealed class FanOutTests
{
    private static readonly TopicName Alpha = TopicName.Create("alpha");

    [Fact]
    public async Task WaitForRoom_holds_publishers_back_while_the_loop_is_far_behind_and_lets_them_go_on()
    {
        var topics = new TopicRegistry(10, TimeProvider.System, new TopicSegments());
        using var metrics = new HubMetrics(meters: null, () => 0, () => 0);

        // Not disposed: the loop may still be at its last delivery when the test ends.
        var stalled = new ManualResetEventSlim();
        var entered = new SemaphoreSlim(0);
        LiveTopic topic = topics.GetOrAdd(Alpha)!;
        topic.Add(new Subscription(topic, new StallingSubscriber(entered, stalled), new("s", null, Alpha, default), new DeliveryMark()), replaced: null);
        var fanOut = new FanOut(topics, createsTopics: true, new PatternIndex(topics.Segments), new ObserverList(), metrics, new HubFaults(TimeProvider.System), static _ => { });

        fanOut.OnMessages([Message(1, 1)]);
        (await entered.WaitAsync(TimeSpan.FromSeconds(30))).ShouldBeTrue();
        fanOut.WaitForRoomAsync(CancellationToken.None).AsTask().IsCompleted.ShouldBeTrue();
        fanOut.OnMessages([Message(2, (int)FanOut.MaxBacklogBytes + 1)]);
        Task waiting = fanOut.WaitForRoomAsync(CancellationToken.None).AsTask();
        waiting.IsCompleted.ShouldBeFalse();

        stalled.Set();
        await waiting.WaitAsync(TimeSpan.FromSeconds(30));
    }

    private static Message Message(long offset, int bytes) =>
        new() { Topic = Alpha, Offset = offset, MessageId = "m", Producer = null, Timestamp = default, Payload = new byte[bytes] };

    private sealed class StallingSubscriber(SemaphoreSlim entered, ManualResetEventSlim stalled) : ISubscriber
    {
        public void OnSubscribed(TopicName topic)
        {
        }

        public void OnEnded(TopicName topic, Error reason)
        {
        }

        public ValueTask WaitForRoomAsync(CancellationToken cancellationToken) => ValueTask.CompletedTask;

        public bool TryDeliver(Delivery delivery)
        {
            entered.Release();
            return stalled.Wait(TimeSpan.FromSeconds(30));
        }
    }
}
