namespace Carillon.Errors;

/// <summary>
/// The one table of expected failures. A code's <see cref="Name"/> goes over the wire and never changes;
/// whoever sees it knows from here whether trying again can help and which HTTP status carries it.
/// </summary>
/// <remarks>Immutable, thread-safe; codes are compared by reference.</remarks>
public sealed class ErrorCode
{
    /// <summary>The input is not JSON, not UTF-8, or nested too deeply.</summary>
    public static readonly ErrorCode InvalidJson = new("invalid_json", 400);

    /// <summary>The same key stands twice in one JSON object, so its meaning would depend on the reader.</summary>
    public static readonly ErrorCode DuplicateKey = new("duplicate_key", 400);

    /// <summary>The request itself is malformed, before anything of its content was looked at.</summary>
    public static readonly ErrorCode BadRequest = new("bad_request", 400);

    /// <summary>A mandatory field or parameter is missing.</summary>
    public static readonly ErrorCode MissingField = new("missing_field", 400);

    /// <summary>A field or parameter has the wrong type or an unacceptable value.</summary>
    public static readonly ErrorCode InvalidField = new("invalid_field", 400);

    /// <summary>The payload is not what the topic's spec asks for.</summary>
    public static readonly ErrorCode SpecViolation = new("spec_violation", 400);

    /// <summary>Credentials are missing, not genuine or no longer valid.</summary>
    public static readonly ErrorCode Unauthorized = new("unauthorized", 401);

    /// <summary>The caller may not do this.</summary>
    public static readonly ErrorCode Forbidden = new("forbidden", 403);

    /// <summary>The client did not keep to a rule of the hub and is disconnected.</summary>
    public static readonly ErrorCode RuleBroken = new("rule_broken", 403);

    /// <summary>No such route.</summary>
    public static readonly ErrorCode NotFound = new("not_found", 404);

    /// <summary>The topic does not exist, and the hub rejects unknown topics.</summary>
    public static readonly ErrorCode TopicNotFound = new("topic_not_found", 404);

    /// <summary>The route exists, but not for this HTTP method.</summary>
    public static readonly ErrorCode MethodNotAllowed = new("method_not_allowed", 405);

    /// <summary>Messages that a subscription waited for are no longer kept.</summary>
    public static readonly ErrorCode HistoryGone = new("history_gone", 410);

    /// <summary>The request came too slowly and was given up.</summary>
    public static readonly ErrorCode RequestTimeout = new("request_timeout", 408, retryable: true);

    /// <summary>The body or the payload is larger than allowed.</summary>
    public static readonly ErrorCode PayloadTooLarge = new("payload_too_large", 413);

    /// <summary>The body is not declared as JSON.</summary>
    public static readonly ErrorCode UnsupportedMediaType = new("unsupported_media_type", 415);

    /// <summary>The hub holds as many topics as it may.</summary>
    public static readonly ErrorCode TooManyTopics = new("too_many_topics", 429);

    /// <summary>The session holds as many subscriptions as it may.</summary>
    public static readonly ErrorCode TooManySubscriptions = new("too_many_subscriptions", 429);

    /// <summary>The publisher publishes more than the topic allows.</summary>
    public static readonly ErrorCode RateLimited = new("rate_limited", 429, retryable: true);

    /// <summary>A fault of the server; the log has its cause.</summary>
    public static readonly ErrorCode Internal = new("internal_error", 500);

    /// <summary>The server is starting, stopping, restarting its engine, or has as many connections as it may. Nothing was stored.</summary>
    public static readonly ErrorCode Unavailable = new("unavailable", 503, retryable: true);

    /// <summary>The commit failed, so it is unknown whether the message was stored: retry with the same message id.</summary>
    public static readonly ErrorCode OutcomeUnknown = new("outcome_unknown", 503, retryable: true);

    /// <summary>Free disk space is below the configured floor. Nothing was stored.</summary>
    public static readonly ErrorCode StorageFull = new("storage_full", 507, retryable: true);

    private ErrorCode(string name, int httpStatus, bool retryable = false)
    {
        Name = name;
        HttpStatus = httpStatus;
        Retryable = retryable;
    }

    /// <summary>The stable name on the wire, in snake case.</summary>
    public string Name { get; }

    /// <summary>The HTTP status that carries this code.</summary>
    public int HttpStatus { get; }

    /// <summary>Whether the same request may succeed later without a change.</summary>
    public bool Retryable { get; }

    /// <inheritdoc/>
    public override string ToString() => Name;
}
