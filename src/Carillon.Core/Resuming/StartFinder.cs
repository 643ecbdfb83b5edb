using Carillon.Engines;
using Carillon.Messages;
using Carillon.Topics;

namespace Carillon.Resuming;

/// <summary>Turns what a subscriber asks for into a place in the history that there is.</summary>
internal static class StartFinder
{
    public static ValueTask<Start> FindAsync(ITopicEngine engine, TopicName topic, TopicHistory history, Since since, CancellationToken cancellationToken) => since switch
    {
        { Position: { } position } => new ValueTask<Start>(After(history, position)),
        { Time: { } time } => FromAsync(engine, topic, history, time, cancellationToken),
        _ when ReferenceEquals(since, Since.Now) => new ValueTask<Start>(Begin(history, history.LastOffset)),
        _ when ReferenceEquals(since, Since.Last) => new ValueTask<Start>(Begin(history, Math.Max(history.FirstOffset, history.LastOffset) - 1)),
        _ => new ValueTask<Start>(Begin(history, history.FirstOffset - 1)),
    };

    private static Start After(TopicHistory history, Position position)
    {
        if (position.Epoch != history.Epoch)
        {
            return Begin(history, history.LastOffset, RecoveryFailure.EpochChanged);
        }

        if (position.Offset > history.LastOffset)
        {
            return Begin(history, history.LastOffset, RecoveryFailure.OffsetUnknown);
        }

        return position.Offset < history.FirstOffset - 1
            ? Begin(history, history.FirstOffset - 1, RecoveryFailure.HistoryGone)
            : Begin(history, position.Offset);
    }

    // Times rise with offsets: when an older message is kept, nothing of that time or later was deleted.
    private static async ValueTask<Start> FromAsync(
        ITopicEngine engine, TopicName topic, TopicHistory history, UnixTime time, CancellationToken cancellationToken)
    {
        Page<Message> page = await engine.QueryAsync(new MessageQuery { Topic = topic, From = time, Ascending = true, Limit = 1 }, cancellationToken);
        long first = page.Items.Count > 0 ? page.Items[0].Offset : history.LastOffset + 1;
        bool mayBeIncomplete = history.FirstOffset > 1 && first <= history.FirstOffset;
        return Begin(history, Math.Min(first - 1, history.LastOffset), mayBeIncomplete ? RecoveryFailure.HistoryGone : null);
    }

    private static Start Begin(TopicHistory history, long offset, RecoveryFailure? failure = null) => new(new Position(history.Epoch, offset), failure);
}
