namespace Carillon.Deliveries;

/// <summary>What a session was given last: several of its subscriptions may match one topic, and it gets each message once. Belongs to the fan-out loop.</summary>
internal sealed class DeliveryMark
{
    private long _run;

    /// <summary>Whether this is the first time for a run of messages.</summary>
    public bool TryBegin(long run)
    {
        bool isFirst = _run != run;
        _run = run;
        return isFirst;
    }
}
