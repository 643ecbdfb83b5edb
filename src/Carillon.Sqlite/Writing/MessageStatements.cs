using Carillon.Sqlite.Native;
using Microsoft.Data.Sqlite;

namespace Carillon.Sqlite.Writing;

/// <summary>The statements of <see cref="MessageLog"/>.</summary>
internal sealed class MessageStatements(SqliteConnection connection) : IDisposable
{
    public PreparedStatement Topics { get; } = new(connection, "SELECT name, epoch, last_deleted_offset, last_deleted_id FROM topics");

    public PreparedStatement InsertTopic { get; } = new(connection, "INSERT INTO topics (name, epoch, created_at) VALUES (?1, ?2, ?3)");

    public PreparedStatement Last { get; } = new(connection, "SELECT id, timestamp FROM messages ORDER BY id DESC LIMIT 1");

    public PreparedStatement Newest { get; } = new(
        connection,
        """SELECT "offset", topic_bytes FROM messages INDEXED BY messages_by_topic_offset WHERE topic = ?1 ORDER BY "offset" DESC LIMIT 1""");

    public PreparedStatement Oldest { get; } = new(
        connection,
        """
        SELECT "offset", topic_bytes, timestamp, message FROM messages INDEXED BY messages_by_topic_offset
        WHERE topic = ?1 ORDER BY "offset" LIMIT 1
        """);

    /// <summary>The newest one with the id: an older one is further outside the window.</summary>
    public PreparedStatement FindMessage { get; } = new(
        connection,
        """
        SELECT "offset", timestamp FROM messages INDEXED BY messages_by_message_id
        WHERE message_id = ?1 AND topic = ?2 ORDER BY id DESC LIMIT 1
        """);

    public PreparedStatement FindDeleted { get; } = new(
        connection, """SELECT "offset", timestamp FROM deleted_ids WHERE message_id = ?1 AND topic = ?2""");

    public PreparedStatement InsertProducer { get; } = new(connection, "INSERT OR IGNORE INTO producers (producer, topic) VALUES (?1, ?2)");

    public PreparedStatement Insert { get; } = new(
        connection,
        """
        INSERT INTO messages (id, topic, "offset", message_id, producer, timestamp, topic_bytes, message)
        VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)
        """);

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (PreparedStatement statement in new[] { Topics, InsertTopic, Last, Newest, Oldest, FindMessage, FindDeleted, InsertProducer, Insert })
        {
            statement.Dispose();
        }
    }
}
