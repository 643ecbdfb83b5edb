using Carillon.Messages;

namespace Carillon.Engines.InMemory;

/// <summary>Answers a query from slices of topics: walks them together in the order of acceptance and picks what matches.</summary>
internal static class MessageSelection
{
    public static Page<Message> Select(List<TopicLog.Slice> slices, MessageQuery query, CancellationToken cancellationToken)
    {
        var rows = new List<Message>(Math.Min(query.Limit, Page<Message>.DefaultLimit));
        long last = 0;
        foreach (TopicLog.Entry entry in InOrder(slices.Select(slice => slice.Within(query)), query.Ascending))
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (!Matches(entry.Message, query))
            {
                continue;
            }

            if (rows.Count == query.Limit)
            {
                return new Page<Message>(rows, last);
            }

            rows.Add(entry.Message);
            last = entry.Sequence;
        }

        return new Page<Message>(rows, Next: null);
    }

    private static IEnumerable<TopicLog.Entry> InOrder(IEnumerable<TopicLog.Slice> slices, bool ascending)
    {
        var heads = new PriorityQueue<(TopicLog.Slice Slice, int Index), long>();
        int step = ascending ? 1 : -1;
        foreach (TopicLog.Slice slice in slices)
        {
            Push(slice, ascending ? slice.Start : slice.End - 1);
        }

        while (heads.TryDequeue(out (TopicLog.Slice Slice, int Index) head, out _))
        {
            yield return head.Slice.Entries[head.Index];
            Push(head.Slice, head.Index + step);
        }

        void Push(TopicLog.Slice slice, int index)
        {
            if (index >= slice.Start && index < slice.End)
            {
                heads.Enqueue((slice, index), step * slice.Entries[index].Sequence);
            }
        }
    }

    // The other conditions bound the slices.
    private static bool Matches(Message message, MessageQuery query) =>
        (query.Producer is null || query.Producer == message.Producer) && (query.MessageId is null || query.MessageId == message.MessageId);
}
