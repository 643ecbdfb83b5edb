using Carillon.Diagnostics;
using Carillon.Errors;
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
            if (Check(rule, state) is { } reason)
            {
                _hasBrokenRule = true;
                _owner.OnRuleBroken(reason);
                return;
            }
        }
    }

    // One that fails for one client must not keep the others from being checked.
    private Error? Check(IHubRule rule, in ClientState state)
    {
        try
        {
            return rule.Check(state);
        }
        catch (Exception fault) when (fault is not OutOfMemoryException)
        {
            _hub.Faults.Report(HubPart.Rules, null, fault);
            return null;
        }
    }

    private void NoteCount() => _history?.Note(_subscriptions.Count);
}
