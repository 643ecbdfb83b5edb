using System.Runtime.InteropServices;
using Carillon.Topics;

namespace Carillon.Deliveries;

/// <summary>How far a session is with the run of messages that is fanned out: several of its subscriptions may match one topic, and it gets each message once.</summary>
/// <remarks>Belongs to the fan-out loop, except the number of patterns.</remarks>
internal sealed class DeliveryMark
{
    private List<Share>? _patterns; // null as long as no topic was both named and matched by a pattern
    private long _named;
    private long _done;
    private int _patternCount;

    /// <summary>Whether the session has patterns at all.</summary>
    public bool HasPatterns => Volatile.Read(ref _patternCount) > 0;

    /// <summary>Counts the patterns. Thread-safe.</summary>
    public void CountPattern(int change) => Interlocked.Add(ref _patternCount, change);

    /// <summary>The session names the run's topic, so that its feed decides who takes the run.</summary>
    public void BeginNamed(long run)
    {
        _named = run;
        _patterns?.Clear();
    }

    public bool IsNamed(long run) => _named == run;

    /// <summary>Adds a pattern that matches the topic and whose subscriber may read it, where the session names it.</summary>
    public void Add(Subscription pattern) => (_patterns ??= []).Add(new Share(pattern, Filter: null));

    /// <summary>The patterns that were added for the run.</summary>
    public ReadOnlySpan<Share> Patterns(long run) => _named == run ? CollectionsMarshal.AsSpan(_patterns) : [];

    /// <summary>The session was given the run.</summary>
    public void Finish(long run) => _done = run;

    public bool IsFinished(long run) => _done == run;
}
