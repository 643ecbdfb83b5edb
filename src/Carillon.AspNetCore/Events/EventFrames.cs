using System.Text.Json;
using Carillon.AspNetCore.Commands;
using Carillon.Connections;
using Carillon.Errors;
using Carillon.Resuming;
using Carillon.Topics;

namespace Carillon.AspNetCore.Events;

/// <summary>What a stream sends beside messages: named events, which <c>EventSource.onmessage</c> does not get, and comments, which no page sees.</summary>
internal static class EventFrames
{
    /// <summary>A comment: a sign of life.</summary>
    public static readonly Frame Heartbeat = Frame.FromText(":\n\n"u8);

    /// <summary>How long a client is to wait before it comes back.</summary>
    public static Frame Retry(TimeSpan time)
    {
        using var writer = new FrameWriter();
        EventText.Ascii(writer, "retry: ");
        EventText.Number(writer, (long)time.TotalMilliseconds);
        EventText.End(writer);
        EventText.End(writer);
        return writer.ToFrame();
    }

    /// <summary>A topic is subscribed to: where its messages begin, and whether none is missing.</summary>
    public static Frame Subscribed(TopicName topic, Start start) => Named("subscribed"u8, json =>
    {
        json.WriteString("topic"u8, topic.Value);
        Answer.StartFields(json, start);
    });

    /// <summary>A pattern is subscribed to. It has no place in ids: messages that came meanwhile are missing when a client comes back.</summary>
    public static Frame SubscribedToPattern(TopicName pattern, bool wantsKept) => Named("subscribed"u8, json =>
    {
        json.WriteString("topic"u8, pattern.Value);
        json.WriteBoolean("recovered"u8, !wantsKept);
        if (wantsKept)
        {
            json.WriteString("reason"u8, "pattern"u8);
        }
    });

    /// <summary>A topic of the request was refused, while others were not. Not called "error": pages take an event of that name for a broken connection.</summary>
    public static Frame Refused(TopicName topic, Error reason) => Named("refused"u8, json => Answer.EndedFields(json, topic, reason));

    /// <summary>The hub ended a subscription.</summary>
    public static Frame Unsubscribed(TopicName topic, Error reason) => Named("unsubscribed"u8, json => Answer.EndedFields(json, topic, reason));

    /// <summary>The client broke a rule of the hub: the stream's last event.</summary>
    public static Frame RuleBroken(Error reason)
    {
        JsonBuffer buffer = JsonBuffer.Start(out Utf8JsonWriter json);
        Answer.Broken(json, reason);
        return Named("rule_broken"u8, buffer);
    }

    private static Frame Named(ReadOnlySpan<byte> name, Action<Utf8JsonWriter> writeFields)
    {
        JsonBuffer buffer = JsonBuffer.Start(out Utf8JsonWriter json);
        json.WriteStartObject();
        writeFields(json);
        json.WriteEndObject();
        return Named(name, buffer);
    }

    private static Frame Named(ReadOnlySpan<byte> name, JsonBuffer buffer)
    {
        using var writer = new FrameWriter();
        EventText.Field(writer, "event"u8, name);
        EventText.Field(writer, "data"u8, buffer.Written);
        EventText.End(writer);
        return writer.ToFrame();
    }
}
