using Carillon.Messages;
using Carillon.Topics;

namespace Carillon.Engines.InMemory;

/// <summary>The message ids that publishers gave in the last minutes. Not thread-safe: its engine's lock guards it.</summary>
internal sealed class DedupeWindow(TimeSpan length)
{
    private readonly Dictionary<(TopicName Topic, string MessageId), Known> _known = [];
    private readonly Queue<(TopicName Topic, string MessageId, long Offset)> _byAge = new();

    public Known? Find(TopicName topic, string messageId, UnixTime now)
    {
        Expire(now);
        return _known.TryGetValue((topic, messageId), out Known known) ? known : null;
    }

    public void Add(Message message)
    {
        _known[(message.Topic, message.MessageId)] = new Known(message.Offset, message.Timestamp);
        _byAge.Enqueue((message.Topic, message.MessageId, message.Offset));
    }

    public void Expire(UnixTime now)
    {
        while (_byAge.TryPeek(out (TopicName Topic, string MessageId, long Offset) oldest)
            && _known.TryGetValue((oldest.Topic, oldest.MessageId), out Known known)
            && !Covers(known.Timestamp, now))
        {
            _byAge.Dequeue();
            _known.Remove((oldest.Topic, oldest.MessageId));
        }
    }

    /// <summary>Whether what was accepted at <paramref name="time"/> is still within the window.</summary>
    public bool Covers(UnixTime time, UnixTime now) => now.Milliseconds - time.Milliseconds <= length.TotalMilliseconds;

    internal readonly record struct Known(long Offset, UnixTime Timestamp);
}
