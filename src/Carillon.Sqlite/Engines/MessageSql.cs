using Carillon.Engines;

namespace Carillon.Sqlite.Engines;

/// <summary>
/// The texts of the queries for messages: one per index and direction, made once from constants. <c>INDEXED BY</c> makes a query fail to
/// compile rather than scan. Rows take: 1 after, 2 before, 3 limit, 4 topic, 5 producer, 6 message id, 7 offset after which.
/// </summary>
internal static class MessageSql
{
    public const string FirstIdAtTime =
        "SELECT id FROM messages INDEXED BY messages_by_timestamp WHERE timestamp >= ?1 ORDER BY timestamp, id LIMIT 1";

    public const string FirstIdAfterOffset =
        """SELECT id FROM messages INDEXED BY messages_by_topic_offset WHERE topic = ?1 AND "offset" > ?2 ORDER BY "offset" LIMIT 1""";

    public const string LastOffset =
        """SELECT "offset" FROM messages INDEXED BY messages_by_topic_offset WHERE topic = ?1 ORDER BY "offset" DESC LIMIT 1""";

    /// <summary>A topic's epoch, the last offset that is not kept any more, and the newest that is.</summary>
    public const string History =
        """
        SELECT epoch, last_deleted_offset, (SELECT max("offset") FROM messages INDEXED BY messages_by_topic_offset WHERE topic = ?1)
        FROM topics WHERE name = ?1
        """;

    public const string AtOffset =
        """SELECT "offset", timestamp FROM messages INDEXED BY messages_by_topic_offset WHERE topic = ?1 AND "offset" >= ?2 ORDER BY "offset" LIMIT 1""";

    public const string Producers = "SELECT producer, topic FROM producers ORDER BY producer, topic LIMIT ?1";

    /// <summary>Up to which message the table of look-ups has come.</summary>
    public const string IndexedTo = "SELECT coalesce(max(id), 0) FROM message_lookups";

    private const string Columns = """SELECT id, topic, "offset", message_id, producer, timestamp, message, publisher FROM messages""";

    private const string LookedUp =
        """SELECT m.id, m.topic, m."offset", m.message_id, m.producer, m.timestamp, m.message, m.publisher FROM message_lookups l INDEXED BY message_lookups_by_""";

    // The parameters a text does not use for its index are bound to null or zero, and then let every row pass.
    private const string Rest = """AND (?5 IS NULL OR m.producer = ?5) AND m."offset" > ?7""";

    private const string Unindexed =
        $"""
        {Columns} WHERE id > ?1 AND id < ?2 AND (?4 IS NULL OR topic = ?4) AND (?5 IS NULL OR producer = ?5)
        AND (?6 IS NULL OR message_id = ?6) AND "offset" > ?7 ORDER BY id
        """;

    private const string NotIndexedAscending = $"{Unindexed} ASC LIMIT ?3";
    private const string NotIndexedDescending = $"{Unindexed} DESC LIMIT ?3";

    private static readonly Dictionary<(MessagePath Path, bool Ascending), string> Texts = Build();

    /// <summary>All texts, for the test of their query plans.</summary>
    public static IEnumerable<string> AllRows => [.. Texts.Values, NotIndexedAscending, NotIndexedDescending];

    /// <summary>Which index answers a query.</summary>
    public static MessagePath Path(MessageQuery query) => query switch
    {
        { MessageId: not null, Topic: not null } => MessagePath.MessageIdTopic,
        { MessageId: not null } => MessagePath.MessageId,
        { Topic: not null, Producer: not null } => MessagePath.TopicProducer,
        { Topic: not null } => MessagePath.Topic,
        { Producer: not null } => MessagePath.Producer,
        _ => MessagePath.All,
    };

    /// <summary>The text that lists rows.</summary>
    public static string Rows(MessagePath path, bool ascending) => Texts[(path, ascending)];

    /// <summary>The text that lists rows which the table of look-ups does not hold yet, one by one: there are a few thousand at most.</summary>
    public static string NotIndexed(bool ascending) => ascending ? NotIndexedAscending : NotIndexedDescending;

    private static Dictionary<(MessagePath Path, bool Ascending), string> Build()
    {
        var texts = new Dictionary<(MessagePath Path, bool Ascending), string>();
        foreach (MessagePath path in Enum.GetValues<MessagePath>())
        {
            foreach (bool ascending in new[] { false, true })
            {
                texts.Add((path, ascending), Build(path, ascending ? "ASC" : "DESC"));
            }
        }

        return texts;
    }

    private static string Build(MessagePath path, string direction) => path switch
    {
        MessagePath.All => $"{Columns} WHERE id > ?1 AND id < ?2 ORDER BY id {direction} LIMIT ?3",
        MessagePath.Topic =>
            $"""{Columns} INDEXED BY messages_by_topic_offset WHERE topic = ?4 AND "offset" > ?1 AND "offset" < ?2 ORDER BY "offset" {direction} LIMIT ?3""",
        MessagePath.Producer => LookUp("producer", "l.producer = ?5", string.Empty, direction),
        MessagePath.TopicProducer => LookUp("topic_producer", "l.topic = ?4 AND l.producer = ?5", string.Empty, direction),
        MessagePath.MessageId => LookUp("message_id", "l.message_id = ?6", Rest, direction),
        MessagePath.MessageIdTopic => LookUp("message_id", "l.message_id = ?6 AND l.topic = ?4", Rest, direction),
        _ => throw new ArgumentOutOfRangeException(nameof(path)),
    };

    private static string LookUp(string index, string names, string rest, string direction) =>
        $"{LookedUp}{index} CROSS JOIN messages m ON m.id = l.id WHERE {names} AND l.id > ?1 AND l.id < ?2 {rest} ORDER BY l.id {direction} LIMIT ?3";
}
