using Carillon.Access;
using Carillon.Errors;
using Carillon.Topics;
using Carillon.Topics.Patterns;

namespace Carillon.Sessions;

public sealed partial class Session
{
    private Error? RefuseClosed() => _isClosing ? new Error(ErrorCode.Unavailable, "The session is closed") : null;

    // Policies are asked as the topics are found, and answer meanwhile: the patience with them is that of one, however many topics a command names. Where one refusal refuses the whole, no
    // topic behind it is brought into being when the answer is there at once.
    private async ValueTask<List<(WantedTopic Wish, Placement Place)>> PlaceAsync(
        IReadOnlyList<WantedTopic> wanted, bool eachByItself, Requester requester, CancellationToken cancellationToken)
    {
        var placing = new List<Task<Placement>>(wanted.Count);
        foreach (WantedTopic wish in wanted)
        {
            Placement place = _hub.Segments.IsPattern(wish.Topic) ? PlacePattern(wish) : await _hub.ResolveAsync(wish.Topic, cancellationToken);
            Task<Placement> decided = AuthorizeAsync(place, requester, cancellationToken);
            placing.Add(decided);
            if (!eachByItself && decided.IsCompletedSuccessfully && (await decided).Error is not null)
            {
                break;
            }
        }

        return [.. wanted.Zip(await Task.WhenAll(placing))];
    }

    private Task<Placement> AuthorizeAsync(Placement place, Requester requester, CancellationToken cancellationToken) =>
        place.Composition is not { } composition || ReferenceEquals(composition.Subscribers, TopicAccess.Anyone)
            ? Task.FromResult(place)
            : AskAsync(place, composition, requester, cancellationToken);

    private async Task<Placement> AskAsync(Placement place, Topic composition, Requester requester, CancellationToken cancellationToken)
    {
        var question = new AccessRequest(requester, composition.Name, AccessKind.Subscribe);
        Error? error = await UntilClosedAsync(asking => composition.Subscribers.DecideAsync(question, _hub.Faults, asking).AsTask(), cancellationToken);
        return error is null ? place : Placement.Refused(error);
    }

    // Before anything is on record: then little is left to ask when they go live, one after another.
    private Task<Error?> PreparePatternsAsync(List<Subscription> added, CancellationToken cancellationToken)
    {
        Subscription[] patterns = [.. added.Where(static subscription => subscription.Set is not LiveTopic)];
        return patterns.Length == 0 ? Task.FromResult<Error?>(null) : UntilClosedAsync(DecideAsync, cancellationToken);

        async Task<Error?> DecideAsync(CancellationToken asking)
        {
            await Task.WhenAll(patterns.Select(pattern => _hub.PreparePatternAsync(pattern, asking)));
            return null;
        }
    }

    // Nobody waits for policies when the client is gone.
    private async Task<Error?> UntilClosedAsync(Func<CancellationToken, Task<Error?>> ask, CancellationToken cancellationToken)
    {
        CancellationToken closing;
        lock (_gate)
        {
            closing = _isClosing ? new CancellationToken(canceled: true) : (_policies ??= new CancellationTokenSource()).Token;
        }

        using CancellationTokenSource? either = cancellationToken.CanBeCanceled ? CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, closing) : null;
        try
        {
            return await ask(either?.Token ?? closing);
        }
        catch (OperationCanceledException) when (closing.IsCancellationRequested)
        {
            return RefuseClosed();
        }
    }

    private Placement PlacePattern(WantedTopic wish)
    {
        if (_hub.Segments.IsMisplaced(wish.Topic))
        {
            return Placement.Refused(Error.Invalid("topic", "must have the wildcard '>' at its end only"));
        }

        if (_hub.Segments.IsTooLong(wish.Topic))
        {
            return Placement.Refused(Error.Invalid("topic", $"must have at most {TopicSegments.MaxSegments} segments, as it is a pattern"));
        }

        return wish.Since is null
            ? Placement.Pattern
            : Placement.Refused(Error.Invalid("since", "needs the name of one topic, not a pattern"));
    }
}
