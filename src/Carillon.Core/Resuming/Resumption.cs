using Carillon.Diagnostics;
using Carillon.Engines;
using Carillon.Errors;
using Carillon.Topics;

namespace Carillon.Resuming;

/// <summary>One subscription that asked for messages since some point: finds where that is, then catches up from there.</summary>
internal sealed class Resumption
{
    private readonly Since _since;
    private readonly ITopicEngine _engine;
    private readonly CatchUp? _catchUp; // null when it goes on from where it is
    private readonly HubFaults _faults;
    private long _from;
    private long _lastOffset;

    /// <summary>To be made before fan-out knows the subscription.</summary>
    public Resumption(Feed feed, Subscription subscription, Since since, ITopicEngine engine, SemaphoreSlim turn, HubFaults faults)
        : this(feed, subscription, since, engine, faults, feed.BeginWith(subscription, engine, turn, faults))
    {
    }

    private Resumption(Feed feed, Subscription subscription, Since since, ITopicEngine engine, HubFaults faults, CatchUp? catchUp)
    {
        _since = since;
        _engine = engine;
        _faults = faults;
        _catchUp = catchUp;
        Topic = feed.Topic.Name;
        Feed = feed;
        Subscription = subscription;
    }

    /// <summary>Of one that takes the place of another for new messages: it has only to be told where these begin.</summary>
    public static Resumption GoingOn(Feed feed, Subscription subscription, ITopicEngine engine, HubFaults faults) => new(feed, subscription, Since.Now, engine, faults, catchUp: null);

    /// <summary>Whether it goes on from where another one was.</summary>
    public bool GoesOn => _catchUp is null;

    public Subscription Subscription { get; }

    public Feed Feed { get; }

    public TopicName Topic { get; }

    /// <summary>To be called when fan-out knows the subscription.</summary>
    public async ValueTask<Start> FindStartAsync(CancellationToken cancellationToken)
    {
        TopicHistory history = await _engine.DescribeAsync(Topic, cancellationToken) ?? new TopicHistory(string.Empty, 1, 0);
        Start start = await StartFinder.FindAsync(_engine, Topic, history, _since, cancellationToken);
        _from = start.Position.Offset;
        _lastOffset = history.LastOffset;
        return start;
    }

    /// <summary>The session's patterns that have left messages of the topic to the catch-up.</summary>
    public IReadOnlyList<Subscription> Patterns => _catchUp?.Patterns() ?? [];

    /// <summary>Delivers what is kept and hands over to fan-out.</summary>
    /// <returns>Null, or why that could not be done.</returns>
    public Task<Error?> RunAsync() => RunAsync(catchUp => catchUp.RunAsync(Subscription, _from, _lastOffset, _since.IsAsKept, CancellationToken.None));

    /// <summary>Delivers what was left to the subscription by patterns of the session, after that has ended as <see cref="RunAsync()"/> could not do what it asked for.</summary>
    /// <returns>Null, or why that could not be done.</returns>
    public Task<Error?> GoOnAsync() => RunAsync(catchUp => catchUp.GoOnAsync(Subscription, CancellationToken.None));

    private async Task<Error?> RunAsync(Func<CatchUp, Task<CatchUpEnd>> run)
    {
        try
        {
            return _catchUp is not null && await run(_catchUp) == CatchUpEnd.HistoryGone
                ? new Error(ErrorCode.HistoryGone, $"Messages of topic '{Topic}' were deleted before they could be delivered")
                : null;
        }
        catch (Exception fault) when (fault is not OutOfMemoryException)
        {
            _faults.Report(HubPart.History, Topic, fault);
            return new Error(ErrorCode.Unavailable, $"The history of topic '{Topic}' could not be read; the server's log has the cause");
        }
    }
}
