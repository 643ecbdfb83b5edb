using Carillon.Engines;
using Carillon.Messages;
using Carillon.Sqlite.Native;
using Carillon.Sqlite.Reading;
using Carillon.Sqlite.Writing;
using Carillon.Topics;

namespace Carillon.Sqlite.Engines;

/// <summary>Gathers the rows of one page, which may come from more than one statement.</summary>
internal sealed class MessagePageBuilder(MessageQuery query, MessagePath path)
{
    private readonly List<Message> _messages = [];
    private PageBudget _budget = new(query.Limit);
    private long _last;
    private bool _more;

    /// <summary>True when no further row is needed.</summary>
    public bool IsComplete => _more;

    /// <summary>Appends the rows of a statement, as far as they fit.</summary>
    public void Read(PreparedStatement rows, Within within, CancellationToken cancellationToken)
    {
        // One row more than fits tells that there is another page.
        rows.Bind(1, within.Low).Bind(2, within.High).Bind(3, query.Limit - _messages.Count + 1);
        rows.BindIfUsed(4, query.Topic?.Value).BindIfUsed(5, query.Producer).BindIfUsed(6, query.MessageId).BindIfUsed(7, query.AfterOffset ?? 0);
        try
        {
            while (!_more && rows.Step())
            {
                cancellationToken.ThrowIfCancellationRequested();
                _more = !_budget.TryTake(rows.Utf8(6).Length);
                if (!_more)
                {
                    Append(rows);
                }
            }
        }
        finally
        {
            rows.Reset();
        }
    }

    public Page<Message> ToPage() => new(_messages, _more ? _last : null);

    private void Append(PreparedStatement rows)
    {
        _last = rows.Int64(path == MessagePath.Topic ? 2 : 0);
        _messages.Add(new Message
        {
            Topic = query.Topic ?? TopicName.Create(rows.Text(1)),
            Offset = rows.Int64(2),
            MessageId = rows.Text(3),
            Producer = rows.TextOrNull(4),
            Publisher = PublisherText.ToNames(rows.TextOrNull(7)),
            Timestamp = rows.Time(5),
            Payload = rows.Utf8(6).ToArray(),
        });
    }
}
