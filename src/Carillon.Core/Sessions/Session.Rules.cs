using Carillon.Rules;

namespace Carillon.Sessions;

public sealed partial class Session
{
    private readonly SubscriptionHistory? _history; // Null where nobody asks for it.
    private bool _hasBrokenRule;

    /// <summary>Checks the rules in order; the first broken one ends the client's connection. Called by the heartbeat only.</summary>
    internal void CheckRules(IReadOnlyList<IHubRule> rules, long now)
    {
        if (_history is null || _owner is null || _hasBrokenRule)
        {
            return;
        }

        TimeSpan? sincePing = _owner.LastPing is { } ping ? _hub.Time.GetElapsedTime(ping, now) : null;
        var state = new ClientState(Id, Requester, sincePing, _history, now);
        foreach (IHubRule rule in rules)
        {
            if (rule.Check(state) is { } reason)
            {
                _hasBrokenRule = true;
                _owner.OnRuleBroken(reason);
                return;
            }
        }
    }

    private void NoteCount() => _history?.Note(_subscriptions.Count);
}
