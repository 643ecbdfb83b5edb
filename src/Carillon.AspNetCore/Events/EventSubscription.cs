using Carillon.Deliveries;
using Carillon.Errors;
using Carillon.Resuming;
using Carillon.Sessions;
using Carillon.Topics;

namespace Carillon.AspNetCore.Events;

/// <summary>One topic or pattern of a stream, and how far the stream has come in it.</summary>
internal sealed class EventSubscription : ISubscriber
{
    private readonly EventStream _stream;
    private readonly bool _wantsKept;

    /// <summary>Makes one.</summary>
    /// <param name="stream">Its stream.</param>
    /// <param name="wanted">What it subscribes to.</param>
    /// <param name="isPattern">Whether that is a pattern.</param>
    /// <param name="wantsKept">Whether the request asks for kept messages.</param>
    public EventSubscription(EventStream stream, WantedTopic wanted, bool isPattern, bool wantsKept)
    {
        _stream = stream;
        _wantsKept = wantsKept;
        Wanted = wanted;
        IsPattern = isPattern;
        if (wanted.Since?.Position is { } position)
        {
            MoveTo(position); // So that ids name it before it is subscribed to: no other topic's message makes the client forget it.
        }
    }

    public WantedTopic Wanted { get; }

    public bool IsPattern { get; }

    /// <summary>Its part of ids; null as long as it has none. Guarded by the stream, as is the offset.</summary>
    public string? Part { get; private set; }

    /// <summary>The offset of the last message queued.</summary>
    public long Offset { get; set; }

    /// <summary>The format that it shares with all streams of this one topic; null in a stream of several.</summary>
    public EventWireFormat? Format { get; set; }

    public void MoveTo(Position position)
    {
        Part = EventId.PartOf(EventKey.Of(Wanted.Topic), position.Epoch);
        Offset = position.Offset;
    }

    public SubscribeRequest ToRequest() => new() { Topics = [Wanted], Subscriber = this, Confirm = Confirm };

    // A pattern has no start to tell, and its messages may come before it is confirmed.
    public void OnSubscribed(TopicName topic)
    {
        if (IsPattern)
        {
            _stream.Send(EventFrames.SubscribedToPattern(topic, _wantsKept));
        }
    }

    public bool TryDeliver(Delivery delivery) => _stream.TryDeliver(this, delivery);

    public ValueTask WaitForRoomAsync(CancellationToken cancellationToken) => _stream.WaitForRoomAsync();

    public void OnEnded(TopicName topic, Error reason) => _stream.OnEnded(topic, reason);

    private void Confirm(SubscribeResult result)
    {
        if (result.Starts.TryGetValue(Wanted.Topic, out Start start))
        {
            _stream.Begin(this, start);
        }
    }
}
