using Carillon.Messages;
using Carillon.Topics;

namespace Carillon.Sqlite.Writing;

/// <summary>The ids of the newest messages, which the table of look-ups does not hold yet: a few thousand.</summary>
/// <remarks>Belongs to the writer thread.</remarks>
internal sealed class RecentIds
{
    private readonly Dictionary<(TopicName Topic, string MessageId), (long Id, long Offset, UnixTime Timestamp)> _known = [];
    private readonly Queue<(long Id, TopicName Topic, string MessageId)> _order = new();

    /// <summary>Remembers a message; a later one with the same id takes its place.</summary>
    public void Add(long id, TopicName topic, string messageId, long offset, UnixTime timestamp)
    {
        _known[(topic, messageId)] = (id, offset, timestamp);
        _order.Enqueue((id, topic, messageId));
    }

    /// <summary>Finds the newest message with that id, if it is one of these.</summary>
    public bool TryFind(TopicName topic, string messageId, out long offset, out UnixTime timestamp)
    {
        bool found = _known.TryGetValue((topic, messageId), out (long Id, long Offset, UnixTime Timestamp) message);
        (offset, timestamp) = (message.Offset, message.Timestamp);
        return found;
    }

    /// <summary>Forgets the messages up to and including one.</summary>
    public void ForgetUpTo(long id)
    {
        while (_order.TryPeek(out (long Id, TopicName Topic, string MessageId) oldest) && oldest.Id <= id)
        {
            _order.Dequeue();
            if (_known[(oldest.Topic, oldest.MessageId)].Id <= id)
            {
                _known.Remove((oldest.Topic, oldest.MessageId));
            }
        }
    }
}
