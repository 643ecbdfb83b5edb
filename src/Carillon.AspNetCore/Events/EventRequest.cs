using System.Globalization;
using Carillon.AspNetCore.Authentication;
using Carillon.Errors;
using Carillon.Messages;
using Carillon.Resuming;
using Carillon.Sessions;
using Carillon.Topics;
using Carillon.Topics.Patterns;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;

namespace Carillon.AspNetCore.Events;

/// <summary>What a request for a stream asks for: <c>?topic=a&amp;topic=b.*&amp;since=…</c> and the header <c>Last-Event-ID</c>.</summary>
/// <param name="Topics">Topics and patterns, each once, with where to begin.</param>
/// <param name="WantsKept">Whether it asks for kept messages: by where to begin, or as one who has been here before and says how far it came.</param>
internal sealed record EventRequest(IReadOnlyList<WantedTopic> Topics, bool WantsKept)
{
    private const string TopicParameter = "topic";
    private const string SinceParameter = "since";
    private const string LastEventId = "Last-Event-ID";

    private static readonly string[] Known = [TopicParameter, SinceParameter, RequestToken.QueryParameter];

    /// <summary>Reads a request; nothing in it is believed.</summary>
    public static Error? Read(HttpRequest http, TopicSegments segments, int maxTopics, out EventRequest request)
    {
        request = new EventRequest([], WantsKept: false);
        Since? since = null;
        Dictionary<string, Position> positions = [];
        List<TopicName> topics = [];
        Error? error = CheckNames(http.Query)
            ?? ReadSince(http.Query[SinceParameter], out since, ref positions)
            ?? ReadLastId(http.Headers[LastEventId], ref positions)
            ?? ReadTopics(http.Query[TopicParameter], maxTopics, topics);
        if (error is not null)
        {
            return error;
        }

        request = new EventRequest([.. topics.Select(topic => new WantedTopic(topic, segments.IsPattern(topic) ? null : SinceOf(topic, since, positions)))], since is not null || positions.Count > 0);
        return null;
    }

    private static Since SinceOf(TopicName topic, Since? since, Dictionary<string, Position> positions) =>
        positions.TryGetValue(EventKey.Of(topic), out Position position) ? Since.After(position) : since ?? Since.Now;

    // A misspelt parameter is an error, because without it the client would get something else than it asked for.
    private static Error? CheckNames(IQueryCollection query)
    {
        foreach (string name in query.Keys)
        {
            if (!name.StartsWith('_') && !Known.Contains(name, StringComparer.Ordinal))
            {
                return new Error(ErrorCode.InvalidField, $"A parameter is unknown; known are: {string.Join(", ", Known)}");
            }
        }

        return null;
    }

    private static Error? ReadTopics(StringValues values, int maxTopics, List<TopicName> topics)
    {
        if (values.Count == 0)
        {
            return new Error(ErrorCode.MissingField, $"Parameter '{TopicParameter}' is missing", TopicParameter);
        }

        foreach (string? value in values)
        {
            if (!TopicName.TryCreate(value ?? string.Empty, TopicParameter, out TopicName topic, out Error? error))
            {
                return error;
            }

            if (!topics.Contains(topic))
            {
                topics.Add(topic);
            }

            if (topics.Count > maxTopics)
            {
                return Error.Invalid(TopicParameter, $"must be given at most {maxTopics} times: a stream has no more topics");
            }
        }

        return null;
    }

    private static Error? ReadSince(StringValues values, out Since? since, ref Dictionary<string, Position> positions)
    {
        since = null;
        string text = values.ToString();
        if (values.Count == 0)
        {
            return null;
        }

        if (values.Count == 1 && EventId.IsMeant(text))
        {
            return EventId.TryParse(text, SinceParameter, out positions, out Error? error) ? null : error;
        }

        if (values.Count == 1 && double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double seconds) && seconds is >= 0 and < 1e12)
        {
            since = Since.From(UnixTime.FromSeconds(seconds));
        }
        else if (text == "earliest")
        {
            since = Since.Earliest;
        }

        return since is null ? Error.Invalid(SinceParameter, "must be 'earliest', a time in Unix seconds or the id of an event, once") : null;
    }

    private static Error? ReadLastId(StringValues values, ref Dictionary<string, Position> positions)
    {
        if (values.Count == 0 || (values.Count == 1 && values[0] is null or ""))
        {
            return null;
        }

        string text = values.Count == 1 ? values[0]! : string.Empty;
        return EventId.TryParse(text, LastEventId, out positions, out Error? error) ? null : error;
    }
}
