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

    public const string AtOffset =
        """SELECT "offset", timestamp FROM messages INDEXED BY messages_by_topic_offset WHERE topic = ?1 AND "offset" >= ?2 ORDER BY "offset" LIMIT 1""";

    public const string Producers = "SELECT producer, topic FROM producers ORDER BY producer, topic LIMIT ?1";

    private const string Columns = """SELECT id, topic, "offset", message_id, producer, timestamp, message FROM messages""";

    // The parameters a text does not use for its index are bound to null or zero, and then let every row pass.
    private const string Rest = """AND (?5 IS NULL OR producer = ?5) AND "offset" > ?7""";

    private static readonly Dictionary<(MessagePath Path, bool Ascending), string> Texts = Build();

    /// <summary>All texts, for the test of their query plans.</summary>
    public static IEnumerable<string> AllRows => Texts.Values;

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
        MessagePath.Producer =>
            $"{Columns} INDEXED BY messages_by_producer WHERE producer = ?5 AND id > ?1 AND id < ?2 ORDER BY id {direction} LIMIT ?3",
        MessagePath.TopicProducer =>
            $"{Columns} INDEXED BY messages_by_topic_producer WHERE topic = ?4 AND producer = ?5 AND id > ?1 AND id < ?2 ORDER BY id {direction} LIMIT ?3",
        MessagePath.MessageId =>
            $"{Columns} INDEXED BY messages_by_message_id WHERE message_id = ?6 AND id > ?1 AND id < ?2 {Rest} ORDER BY id {direction} LIMIT ?3",
        MessagePath.MessageIdTopic =>
            $"""
            {Columns} INDEXED BY messages_by_message_id
            WHERE message_id = ?6 AND topic = ?4 AND id > ?1 AND id < ?2 {Rest} ORDER BY id {direction} LIMIT ?3
            """,
        _ => throw new ArgumentOutOfRangeException(nameof(path)),
    };
}
