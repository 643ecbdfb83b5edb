using Carillon.Diagnostics;
using Carillon.Errors;

namespace Carillon.Access;

/// <summary>
/// Who may publish to a topic, or subscribe to it. Shipped ones are the static members; derive from this class for one of your own.
/// </summary>
/// <remarks>
/// Implementations are thread-safe. The answer is asked for at each publish and at each subscribe, and again when a session's identity changes; never for <see cref="Requester.Application"/>; an answer for a topic that a
/// pattern matches is kept as long as the subscription has the same requester.
/// </remarks>
public abstract class TopicAccess
{
    // Nobody waits longer for an answer: whoever asks may have a client, or the right order of its commands, waiting behind it.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    /// <summary>Everybody, known or not: the default.</summary>
    public static TopicAccess Anyone { get; } = new PredicateAccess(static _ => true, "anyone");

    /// <summary>Nobody: only the application itself, as <see cref="Requester.Application"/>.</summary>
    public static TopicAccess Nobody { get; } = new NobodyAccess();

    /// <summary>Everybody with an authenticated identity.</summary>
    public static TopicAccess Authenticated { get; } = new PredicateAccess(static requester => requester.IsAuthenticated, "those who are authenticated");

    /// <summary>Applications with one of these API keys; without names, with any.</summary>
    public static TopicAccess ApiKeys(params IReadOnlyCollection<string> names) => new PredicateAccess(
        requester => requester.User.Identities.Any(identity =>
            identity is { IsAuthenticated: true, AuthenticationType: TokenTypes.ApiKey, Name: { } name } && (names.Count == 0 || names.Contains(name, StringComparer.Ordinal))),
        names.Count == 0 ? "applications with an API key" : $"applications with the API key {List(names)}");

    /// <summary>Users in one of these roles.</summary>
    public static TopicAccess Role(params IReadOnlyCollection<string> roles) =>
        new PredicateAccess(requester => roles.Any(requester.User.IsInRole), $"the role {List(roles)}");

    /// <summary>Users with a claim of this type and, unless none is given, one of these values.</summary>
    public static TopicAccess Claim(string type, params IReadOnlyCollection<string> values) => new PredicateAccess(
        requester => requester.User.Claims.Any(claim => claim.Type == type && (values.Count == 0 || values.Contains(claim.Value, StringComparer.Ordinal))),
        values.Count == 0 ? $"the claim '{type}'" : $"the claim '{type}' with the value {List(values)}");

    /// <summary>Those whom one of <paramref name="alternatives"/> lets in.</summary>
    public static TopicAccess Any(params IReadOnlyList<TopicAccess> alternatives) => new CombinedAccess(alternatives, all: false);

    /// <summary>Those whom each of <paramref name="conditions"/> lets in.</summary>
    public static TopicAccess All(params IReadOnlyList<TopicAccess> conditions) => new CombinedAccess(conditions, all: true);

    /// <summary>
    /// Null when the requester may; else why not: <see cref="ErrorCode.Unauthorized"/> when he is anonymous, <see cref="ErrorCode.Forbidden"/> when he is known or nobody may.
    /// A fault counts as a refusal, and so does an answer that takes longer than 10 seconds. Must not block.
    /// </summary>
    public abstract ValueTask<Error?> CheckAsync(AccessRequest request, CancellationToken cancellationToken);

    /// <summary>The answer of <see cref="CheckAsync"/>, where a fault, or one that comes too late, is reported and a refusal: that of one topic must not keep a hub from deciding about others.</summary>
    internal async ValueTask<Error?> DecideAsync(AccessRequest request, HubFaults faults, CancellationToken cancellationToken)
    {
        if (request.Requester.IsApplication)
        {
            return null;
        }

        try
        {
            ValueTask<Error?> answer = CheckAsync(request, cancellationToken);
            return answer.IsCompleted ? await answer : await answer.AsTask().WaitAsync(Patience, faults.Time, cancellationToken);
        }
        catch (Exception fault) when (fault is not OutOfMemoryException && !(fault is OperationCanceledException && cancellationToken.IsCancellationRequested))
        {
            if (request.Kind == AccessKind.Monitor)
            {
                faults.Report(HubPart.Monitors, null, fault);
                return new Error(ErrorCode.Internal, "The server failed to decide who may monitor the hub");
            }

            faults.Report(request.Kind == AccessKind.Publish ? HubPart.Publishers : HubPart.Subscribers, request.Topic, fault);
            return new Error(ErrorCode.Internal, $"Topic '{request.Topic}': the server failed to decide who may use it", "topic");
        }
    }

    /// <summary>Who is let in, in words, as it follows "only" in a sentence. Default: "those whom the application lets in".</summary>
    public virtual string Words => "those whom the application lets in";

    /// <summary>The error for a requester who is not among those let in.</summary>
    /// <param name="request">What was asked for.</param>
    /// <param name="allowed">Who may, as it follows "only" in a sentence.</param>
    protected static Error Refuse(AccessRequest request, string allowed)
    {
        ArgumentNullException.ThrowIfNull(request);
        if (allowed == NobodyAccess.Name)
        {
            return NobodyAccess.Refuse(request);
        }

        ErrorCode code = request.Requester.IsAuthenticated ? ErrorCode.Forbidden : ErrorCode.Unauthorized;
        if (request.Kind == AccessKind.Monitor)
        {
            return new Error(code, $"Monitoring this hub is allowed to {allowed} only");
        }

        string what = request.Kind == AccessKind.Publish ? "publish to" : "subscribe to";
        return new Error(code, $"Topic '{request.Topic}': only {allowed} may {what} it", "topic");
    }

    private static string List(IReadOnlyCollection<string> names) => string.Join(" or ", names.Select(name => $"'{name}'"));

    private sealed class PredicateAccess(Func<Requester, bool> allows, string allowed) : TopicAccess
    {
        public override string Words => allowed;

        public override ValueTask<Error?> CheckAsync(AccessRequest request, CancellationToken cancellationToken) =>
            new(allows(request.Requester) ? null : Refuse(request, allowed));
    }

    private sealed class NobodyAccess : TopicAccess
    {
        public const string Name = "nobody";

        public override string Words => Name;

        // Not "unauthorized": there are no credentials that would help.
        public static Error Refuse(AccessRequest request) => request.Kind == AccessKind.Monitor
            ? new Error(ErrorCode.Forbidden, "Nobody may monitor this hub; its setting Monitors says who may, and must where a topic is not open to everyone")
            : new Error(ErrorCode.Forbidden, $"Topic '{request.Topic}': nobody may {(request.Kind == AccessKind.Publish ? "publish to" : "subscribe to")} it", "topic");

        public override ValueTask<Error?> CheckAsync(AccessRequest request, CancellationToken cancellationToken) => new(Refuse(request));
    }

    private sealed class CombinedAccess(IReadOnlyList<TopicAccess> parts, bool all) : TopicAccess
    {
        public override string Words => parts.Count > 0 ? string.Join(all ? " who are also " : " or ", parts.Select(part => part.Words)) : all ? "anyone" : "nobody";

        public override async ValueTask<Error?> CheckAsync(AccessRequest request, CancellationToken cancellationToken)
        {
            Error? error = null;
            Error? fault = null;
            foreach (TopicAccess part in parts)
            {
                error = await part.CheckAsync(request, cancellationToken);
                if (error is null != all)
                {
                    return error;
                }

                fault = error is null || error.Code == ErrorCode.Unauthorized || error.Code == ErrorCode.Forbidden ? fault : error;
            }

            // Of alternatives, the last one's own sentence would send everyone there.
            return all ? error : fault ?? Refuse(request, Words);
        }
    }
}
