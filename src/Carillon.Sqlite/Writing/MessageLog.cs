using System.Security.Cryptography;
using Carillon.Engines;
using Carillon.Messages;
using Carillon.Publishing;
using Carillon.Topics;
using SQLitePCL;

namespace Carillon.Sqlite.Writing;

/// <summary>Topics and messages as the writer sees them: assigns offsets, ids and times, recognises duplicates. The hot path.</summary>
/// <remarks>
/// Belongs to the writer thread. What it remembers runs ahead of the commit; after a failed transaction it is thrown away and read anew.
/// </remarks>
internal sealed class MessageLog : IDisposable
{
    /// <summary>Pairs of producer and topic that are remembered as stored; forgetting them costs one statement per pair.</summary>
    private const int RememberedPairs = 8192;

    private readonly MessageStatements _sql;
    private readonly RetentionTable _retention;
    private readonly TimeProvider _time;
    private readonly Dictionary<TopicName, TopicState> _topics = [];
    private readonly HashSet<(string Producer, TopicName Topic)> _producers = [];
    private readonly long _windowMilliseconds;
    private long _lastId;
    private UnixTime _lastTimestamp;

    /// <summary>Reads which topics there are and where the log ends.</summary>
    public MessageLog(sqlite3 database, EngineOptions options, RetentionTable retention, TimeProvider time)
    {
        _retention = retention;
        _time = time;
        _windowMilliseconds = (long)options.DedupeWindow.TotalMilliseconds;
        _sql = new MessageStatements(database);
        Lookups = new Lookups(database);
        Trimmer = new Trimmer(database, this);
        Load();
    }

    /// <summary>What was stored since the list was last emptied, in order: what the sink gets after the commit.</summary>
    public List<Message> Accepted { get; } = [];

    /// <summary>Finds messages by id.</summary>
    public Lookups Lookups { get; }

    /// <summary>Deletes what retention does not keep.</summary>
    public Trimmer Trimmer { get; }

    /// <summary>The id of the newest message.</summary>
    public long LastId => _lastId;

    public IEnumerable<StoredTopic> Topics => _topics.Values.Select(static topic => new StoredTopic(topic.Name) { Restriction = topic.Restriction });

    /// <summary>The present, never before the newest message: a wall clock that was set back stands still here until it has caught up.</summary>
    public UnixTime Now
    {
        get
        {
            var now = UnixTime.Now(_time);
            return now < _lastTimestamp ? _lastTimestamp : now;
        }
    }

    /// <summary>Messages accepted before this are outside the dedupe window.</summary>
    public UnixTime WindowStart => new(Now.Milliseconds - _windowMilliseconds);

    /// <summary>Makes a topic exist; of one that does, only the retention and the restriction change.</summary>
    public void Create(StoredTopic stored)
    {
        _retention.Set(stored.Name, stored.Retention);
        TopicState topic = GetOrCreate(stored.Name);
        if (stored.Restriction is { } restriction && restriction != topic.Restriction)
        {
            topic.Restriction = restriction;
            _sql.Restrict.Bind(1, topic.Utf8).Bind(2, (long)restriction).Run();
        }

        Retention wanted = _retention.Of(stored.Name);
        if (topic.Retention != wanted)
        {
            topic.Retention = wanted;
            Trimmer.Track(topic);
        }
    }

    /// <summary>Stores a message, unless its id is known.</summary>
    public PublishResult Publish(PublishRequest request, string? generatedId)
    {
        TopicState topic = GetOrCreate(request.Topic);
        EnsureLoaded(topic);
        string messageId = request.MessageId ?? generatedId!;
        if (request.MessageId is not null && TryFindRecent(topic, messageId, out long knownOffset, out UnixTime knownTimestamp))
        {
            return PublishResult.Known(messageId, knownOffset, knownTimestamp, topic.Epoch);
        }

        if (request.Producer is { } producer)
        {
            Remember(producer, topic);
        }

        var message = new Message
        {
            Topic = topic.Name,
            Offset = topic.LastOffset + 1,
            MessageId = messageId,
            Producer = request.Producer,
            Publisher = request.Requester.Identities,
            Timestamp = Now,
            Payload = request.Payload,
        };
        _sql.Insert.Bind(1, _lastId + 1).Bind(2, topic.Utf8).Bind(3, message.Offset).Bind(4, messageId).Bind(5, message.Producer)
            .Bind(6, message.Timestamp).Bind(7, topic.LastBytes + message.Payload.Length).Bind(8, message.Payload.Span).Bind(9, PublisherText.From(message.Publisher)).Run();
        _lastId++;
        _lastTimestamp = message.Timestamp;
        Lookups.Add(_lastId, topic.Name, messageId, message.Offset, message.Timestamp);
        topic.Append(message.Offset, message.Payload.Length, message.Timestamp);
        Trimmer.Consider(topic);
        Accepted.Add(message);
        return PublishResult.Stored(message, topic.Epoch);
    }

    /// <summary>Reads the numbers of a topic, if that has not been done.</summary>
    public void EnsureLoaded(TopicState topic)
    {
        if (topic.Loaded)
        {
            return;
        }

        _sql.Newest.Bind(1, topic.Utf8);
        if (_sql.Newest.Step())
        {
            topic.LastOffset = Math.Max(topic.LastOffset, _sql.Newest.Int64(0));
            topic.LastBytes = _sql.Newest.Int64(1);
        }

        _sql.Newest.Reset();
        topic.FirstOffset = topic.LastOffset + 1;
        topic.BytesBeforeFirst = topic.LastBytes;
        _sql.Oldest.Bind(1, topic.Utf8);
        if (_sql.Oldest.Step())
        {
            topic.FirstOffset = _sql.Oldest.Int64(0);
            topic.BytesBeforeFirst = _sql.Oldest.Int64(1) - _sql.Oldest.Utf8(3).Length;
            topic.FirstTimestamp = _sql.Oldest.Time(2);
        }

        _sql.Oldest.Reset();
        topic.Loaded = true;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _sql.Dispose();
        Lookups.Dispose();
        Trimmer.Dispose();
    }

    private void Load()
    {
        while (_sql.Topics.Step())
        {
            var name = TopicName.Create(_sql.Topics.Text(0));
            Track(new TopicState(name, _sql.Topics.Text(1), _sql.Topics.Int64(2), _retention.Of(name)) { Restriction = (TopicRestriction)_sql.Topics.Int64(4) });
            _lastId = Math.Max(_lastId, _sql.Topics.Int64(3));
        }

        _sql.Topics.Reset();
        if (_sql.Last.Step())
        {
            _lastId = Math.Max(_lastId, _sql.Last.Int64(0));
            _lastTimestamp = _sql.Last.Time(1);
        }

        _sql.Last.Reset();
    }

    private TopicState GetOrCreate(TopicName name)
    {
        if (_topics.TryGetValue(name, out TopicState? topic))
        {
            return topic;
        }

        topic = new TopicState(name, RandomNumberGenerator.GetHexString(8, lowercase: true), 0, _retention.Of(name)) { Loaded = true };
        _sql.InsertTopic.Bind(1, topic.Utf8).Bind(2, topic.Epoch).Bind(3, Now).Run();
        Track(topic);
        return topic;
    }

    private void Track(TopicState topic)
    {
        _topics.Add(topic.Name, topic);
        Trimmer.Track(topic);
    }

    private bool TryFindRecent(TopicState topic, string messageId, out long offset, out UnixTime timestamp) =>
        (Lookups.TryFind(topic, messageId, out offset, out timestamp) && timestamp >= WindowStart)
        || (Trimmer.HasDeletedIds && TryFindDeleted(topic, messageId, out offset, out timestamp) && timestamp >= WindowStart);

    private bool TryFindDeleted(TopicState topic, string messageId, out long offset, out UnixTime timestamp)
    {
        bool found = _sql.FindDeleted.Bind(1, messageId).Bind(2, topic.Utf8).Step();
        (offset, timestamp) = found ? (_sql.FindDeleted.Int64(0), _sql.FindDeleted.Time(1)) : default;
        _sql.FindDeleted.Reset();
        return found;
    }

    private void Remember(string producer, TopicState topic)
    {
        if (_producers.Contains((producer, topic.Name)))
        {
            return;
        }

        if (_producers.Count == RememberedPairs)
        {
            _producers.Clear();
        }

        _sql.InsertProducer.Bind(1, producer).Bind(2, topic.Utf8).Run();
        _producers.Add((producer, topic.Name));
    }
}
