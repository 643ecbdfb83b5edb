using Carillon.Messages;
using Carillon.Topics;

namespace Carillon.Engines.InMemory;

/// <summary>The message ids that publishers gave in the last minutes. Not thread-safe: its engine's lock guards it.</summary>
internal sealed class DedupeWindow(TimeSpan length)
{
    private readonly Dictionary<(TopicName Topic, string MessageId), Known> _known = [];
    private readonly Queue<(TopicName Topic, string MessageId)> _byAge = new();

    /// <summary>The message of that id in the topic's history of <paramref name="epoch"/>; null if there is none.</summary>
    public Known? Find(TopicName topic, string messageId, string epoch, UnixTime now)
    {
        Expire(now);
        return _known.TryGetValue((topic, messageId), out Known known) && known.Epoch == epoch ? known : null;
    }

    public void Add(Message message, string epoch)
    {
        _known[(message.Topic, message.MessageId)] = new Known(message.Offset, message.Timestamp, epoch);
        _byAge.Enqueue((message.Topic, message.MessageId));
    }

    public void Expire(UnixTime now)
    {
        // An id of a topic that was removed and added again may be there twice.
        while (_byAge.TryPeek(out (TopicName Topic, string MessageId) oldest) && (!_known.TryGetValue(oldest, out Known known) || !Covers(known.Timestamp, now)))
        {
            _known.Remove(_byAge.Dequeue());
        }
    }

    /// <summary>Whether what was accepted at <paramref name="time"/> is still within the window.</summary>
    public bool Covers(UnixTime time, UnixTime now) => now.Milliseconds - time.Milliseconds <= length.TotalMilliseconds;

    internal readonly record struct Known(long Offset, UnixTime Timestamp, string Epoch);
}
