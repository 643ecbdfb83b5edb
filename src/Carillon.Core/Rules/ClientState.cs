using Carillon.Access;

namespace Carillon.Rules;

/// <summary>A client as rules see it, at one heartbeat.</summary>
public readonly struct ClientState
{
    private readonly SubscriptionHistory _history;
    private readonly long _now;

    internal ClientState(string sessionId, Requester requester, TimeSpan? sincePing, SubscriptionHistory history, long now)
    {
        SessionId = sessionId;
        Requester = requester;
        SincePing = sincePing;
        _history = history;
        _now = now;
    }

    /// <summary>The id of its session.</summary>
    public string SessionId { get; }

    /// <summary>Who it is.</summary>
    public Requester Requester { get; }

    /// <summary>How long ago it sent its last ping, or came if it sent none; null where the protocol gives clients no ping to send.</summary>
    public TimeSpan? SincePing { get; }

    /// <summary>How long it has been there.</summary>
    public TimeSpan Age => _history.Age(_now);

    /// <summary>How many subscriptions it holds.</summary>
    public int Subscriptions => _history.Count;

    /// <summary>How long it has held fewer than <paramref name="count"/> subscriptions without a break; zero when it holds as many.</summary>
    public TimeSpan TimeBelow(int count) => _history.TimeBelow(count, _now);

    /// <summary>Whether it was subscribed to anything within the last <paramref name="time"/>.</summary>
    public bool WasSubscribedWithin(TimeSpan time) => Subscriptions > 0 || (TimeBelow(1) <= time && TimeBelow(1) < Age);
}
