using Carillon.Sqlite.Native;
using SQLitePCL;

namespace Carillon.Sqlite.Writing;

/// <summary>The statements of <see cref="MessageLog"/>.</summary>
internal sealed class MessageStatements(sqlite3 database) : IDisposable
{
    public PreparedStatement Topics { get; } = new(database, "SELECT name, epoch, last_deleted_offset, last_deleted_id, restriction FROM topics");

    public PreparedStatement InsertTopic { get; } = new(database, "INSERT INTO topics (name, epoch, created_at) VALUES (?1, ?2, ?3)");

    public PreparedStatement Restrict { get; } = new(database, "UPDATE topics SET restriction = ?2 WHERE name = ?1");

    public PreparedStatement Last { get; } = new(database, "SELECT id, timestamp FROM messages ORDER BY id DESC LIMIT 1");

    public PreparedStatement Newest { get; } = new(
        database,
        """SELECT "offset", topic_bytes FROM messages INDEXED BY messages_by_topic_offset WHERE topic = ?1 ORDER BY "offset" DESC LIMIT 1""");

    public PreparedStatement Oldest { get; } = new(
        database,
        """
        SELECT "offset", topic_bytes, timestamp, message FROM messages INDEXED BY messages_by_topic_offset
        WHERE topic = ?1 ORDER BY "offset" LIMIT 1
        """);

    public PreparedStatement FindDeleted { get; } = new(
        database, """SELECT "offset", timestamp FROM deleted_ids WHERE message_id = ?1 AND topic = ?2""");

    public PreparedStatement InsertProducer { get; } = new(database, "INSERT OR IGNORE INTO producers (producer, topic) VALUES (?1, ?2)");

    public PreparedStatement Insert { get; } = new(
        database,
        """
        INSERT INTO messages (id, topic, "offset", message_id, producer, timestamp, topic_bytes, message, publisher)
        VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)
        """);

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (PreparedStatement statement in new[] { Topics, InsertTopic, Restrict, Last, Newest, Oldest, FindDeleted, InsertProducer, Insert })
        {
            statement.Dispose();
        }
    }
}
