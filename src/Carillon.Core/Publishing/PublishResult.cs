using System.Diagnostics.CodeAnalysis;
using Carillon.Errors;
using Carillon.Messages;

namespace Carillon.Publishing;

/// <summary>The outcome of a publish: where the message stands in its topic, or why it was not accepted.</summary>
public readonly struct PublishResult
{
    private PublishResult(Error? error, string messageId, long offset, UnixTime timestamp, string epoch, bool duplicate)
    {
        Error = error;
        MessageId = messageId;
        Offset = offset;
        Timestamp = timestamp;
        Epoch = epoch;
        Duplicate = duplicate;
    }

    /// <summary>True when the message is stored as durably as its topic promises.</summary>
    [MemberNotNullWhen(false, nameof(Error))]
    public bool Accepted => Error is null;

    /// <summary>Why it was refused; null when it was accepted.</summary>
    public Error? Error { get; }

    /// <summary>The message's id.</summary>
    public string MessageId { get; }

    /// <summary>Its offset; for a duplicate the first one's.</summary>
    public long Offset { get; }

    /// <summary>When it was accepted; for a duplicate when the first one was.</summary>
    public UnixTime Timestamp { get; }

    /// <summary>The epoch of the topic's history.</summary>
    public string Epoch { get; }

    /// <summary>True when the id was known within the dedupe window: nothing was stored or delivered again.</summary>
    public bool Duplicate { get; }

    /// <summary>A message that was stored.</summary>
    public static PublishResult Stored(Message message, string epoch)
    {
        ArgumentNullException.ThrowIfNull(message);
        return new PublishResult(null, message.MessageId, message.Offset, message.Timestamp, epoch, duplicate: false);
    }

    /// <summary>A message whose id is already known.</summary>
    public static PublishResult Known(string messageId, long offset, UnixTime timestamp, string epoch) =>
        new(null, messageId, offset, timestamp, epoch, duplicate: true);

    /// <summary>A message that was refused.</summary>
    public static PublishResult Refused(Error error) =>
        new(error, string.Empty, 0, default, string.Empty, duplicate: false);
}
