using Carillon.Consumers;
using Carillon.Messages;
using Carillon.Sqlite.Native;
using Carillon.Topics;
using Microsoft.Data.Sqlite;

namespace Carillon.Sqlite.Writing;

/// <summary>Subscriptions and consumptions as the writer sees them.</summary>
/// <remarks>Belongs to the writer thread; thrown away and made anew after a failed transaction.</remarks>
internal sealed class ConsumerTables : IDisposable
{
    private readonly PreparedStatement _add;
    private readonly PreparedStatement _remove;
    private readonly PreparedStatement _removeSession;
    private readonly PreparedStatement _clear;
    private readonly PreparedStatement _record;
    private UnixTime _lastConsumption;

    public ConsumerTables(SqliteConnection connection)
    {
        _add = new(connection, "INSERT OR REPLACE INTO subscriptions (sid, consumer, topic, connected_at) VALUES (?1, ?2, ?3, ?4)");
        _remove = new(connection, "DELETE FROM subscriptions WHERE sid = ?1 AND topic = ?2");
        _removeSession = new(connection, "DELETE FROM subscriptions WHERE sid = ?1");
        _clear = new(connection, "DELETE FROM subscriptions");
        _record = new(
            connection,
            """
            INSERT INTO consumptions (consumer, topic, message_id, timestamp, message) VALUES (?1, ?2, ?3, ?4, ?5)
            ON CONFLICT (consumer, topic, message_id) DO NOTHING
            """);
        using var last = new PreparedStatement(connection, "SELECT timestamp FROM consumptions ORDER BY id DESC LIMIT 1");
        if (last.Step())
        {
            _lastConsumption = last.Time(0);
        }
    }

    public void Add(SubscriptionRecord subscription) =>
        _add.Bind(1, subscription.SessionId).Bind(2, subscription.Consumer).Bind(3, subscription.Topic.Value).Bind(4, subscription.ConnectedAt).Run();

    public void Remove(string sessionId, TopicName topic) => _remove.Bind(1, sessionId).Bind(2, topic.Value).Run();

    public void RemoveSession(string sessionId) => _removeSession.Bind(1, sessionId).Run();

    public void Clear() => _clear.Run();

    /// <summary>Records a consumption, at a time not before that of the one recorded last: ids and times must share one order, on which queries rely.</summary>
    /// <returns>False when it was on record already.</returns>
    public bool Record(Consumption consumption)
    {
        UnixTime timestamp = consumption.Timestamp < _lastConsumption ? _lastConsumption : consumption.Timestamp;
        _record.Bind(1, consumption.Consumer).Bind(2, consumption.Topic.Value).Bind(3, consumption.MessageId)
            .Bind(4, timestamp).Bind(5, consumption.Message.Span).Run();
        if (_record.Changes == 0)
        {
            return false;
        }

        _lastConsumption = timestamp;
        return true;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (PreparedStatement statement in new[] { _add, _remove, _removeSession, _clear, _record })
        {
            statement.Dispose();
        }
    }
}
