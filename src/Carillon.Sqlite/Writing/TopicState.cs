using System.Text;
using Carillon.Engines;
using Carillon.Messages;
using Carillon.Topics;

namespace Carillon.Sqlite.Writing;

/// <summary>What the writer remembers of a topic. The numbers are read from the messages when the topic is first used.</summary>
/// <remarks>Belongs to the writer thread.</remarks>
internal sealed class TopicState(TopicName name, string epoch, long lastDeletedOffset, Retention retention)
{
    /// <summary>Deleting is begun early when this many messages are too many; fewer wait for the next sweep.</summary>
    private const int EarlyExcess = 500;

    public TopicName Name { get; } = name;

    /// <summary>The name as it is bound.</summary>
    public byte[] Utf8 { get; } = Encoding.UTF8.GetBytes(name.Value);

    public string Epoch { get; } = epoch;

    /// <summary>How much is kept; see <see cref="Trimmer.Track"/> when it changes.</summary>
    public Retention Retention { get; set; } = retention;

    /// <summary>What not everyone may do with it.</summary>
    public TopicRestriction Restriction { get; set; }

    /// <summary>True when the numbers below hold.</summary>
    public bool Loaded { get; set; }

    /// <summary>True while it waits for the trimmer.</summary>
    public bool TrimQueued { get; set; }

    /// <summary>Offset of the newest message there ever was; 0 before the first.</summary>
    public long LastOffset { get; set; } = lastDeletedOffset;

    /// <summary>Offset of the oldest message that is kept; one more than the last when there is none.</summary>
    public long FirstOffset { get; set; } = lastDeletedOffset + 1;

    /// <summary>When the oldest message that is kept was accepted.</summary>
    public UnixTime FirstTimestamp { get; set; }

    /// <summary>The <c>topic_bytes</c> of the newest message.</summary>
    public long LastBytes { get; set; }

    /// <summary>The <c>topic_bytes</c> just before the oldest message that is kept.</summary>
    public long BytesBeforeFirst { get; set; }

    /// <summary>Takes a message into account that was inserted.</summary>
    public void Append(long offset, long bytes, UnixTime timestamp)
    {
        if (FirstOffset == offset)
        {
            FirstTimestamp = timestamp;
        }

        LastOffset = offset;
        LastBytes += bytes;
    }

    /// <summary>True when the oldest message is beyond the topic's retention.</summary>
    public bool IsOverdue(UnixTime now) => FirstOffset <= LastOffset && IsBeyond(FirstOffset, BytesBeforeFirst, FirstTimestamp, now);

    /// <summary>True when so much is too much that waiting for the sweep would let the topic grow far over its bounds.</summary>
    public bool IsFarOverdue() =>
        (Retention.MaxCount is { } count && LastOffset - FirstOffset + 1 - count >= EarlyExcess)
        || (Retention.MaxBytes is { } bytes && LastOffset - FirstOffset >= EarlyExcess && LastBytes - BytesBeforeFirst - bytes > bytes / 8);

    /// <summary>Whether a message is beyond the topic's retention.</summary>
    /// <param name="offset">Its offset.</param>
    /// <param name="bytesBefore">The <c>topic_bytes</c> of the message before it.</param>
    /// <param name="timestamp">When it was accepted.</param>
    /// <param name="now">The present.</param>
    public bool IsBeyond(long offset, long bytesBefore, UnixTime timestamp, UnixTime now) =>
        (Retention.MaxCount is { } count && offset <= LastOffset - count)
        || (Retention.MaxBytes is { } bytes && LastBytes - bytesBefore > bytes)
        || (Retention.MaxAge is { } age && timestamp.Milliseconds < now.Milliseconds - (long)age.TotalMilliseconds);
}
