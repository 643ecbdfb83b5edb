using Carillon.Diagnostics;
using Carillon.Topics;
using Carillon.Topics.Patterns;

namespace Carillon.Deliveries;

/// <summary>Gives runs of messages of one topic to sessions, each message once however many subscriptions of a session it is for. Belongs to the fan-out loop.</summary>
internal sealed class SessionFanOut(PatternIndex patterns, HubFaults faults, Action<Subscription> end)
{
    private readonly List<Subscription> _matching = [];
    private long _run;

    /// <summary>Gives a run to everybody who is to have it.</summary>
    /// <returns>How many messages were taken, by all subscribers.</returns>
    public long Deliver(LiveTopic topic, Delivery run)
    {
        long taken = 0;
        patterns.Find(topic.Name, _matching);
        if (_matching.Count > 0)
        {
            return DeliverByPatterns(topic, run);
        }

        foreach (Feed feed in topic.Feeds())
        {
            taken += TryDeliver(feed, [], run);
        }

        return taken;
    }

    // A session gets a run once: by its feed, where it names the topic, which knows what its patterns would take; else by the first of them that may.
    private long DeliverByPatterns(LiveTopic topic, Delivery run)
    {
        long taken = 0;
        _run++;
        ReadOnlySpan<Feed> feeds = topic.Feeds();
        foreach (Feed feed in feeds)
        {
            feed.Mark.BeginNamed(_run);
        }

        for (int i = 0; i < _matching.Count && feeds.Length > 0; i++)
        {
            Subscription pattern = _matching[i];
            if (pattern.Mark.IsNamed(_run) && pattern.Reads(topic))
            {
                pattern.Mark.Add(pattern);
            }
        }

        foreach (Feed feed in feeds)
        {
            taken += TryDeliver(feed, feed.Mark.Patterns(_run), run);
        }

        foreach (Subscription pattern in _matching)
        {
            taken += pattern.Mark.IsFinished(_run) ? 0 : TryDeliver(pattern, topic, run);
        }

        _matching.Clear();
        return taken;
    }

    // The application's subscribers and formats run here: one that fails must neither end the loop, on which nobody catches anything, nor keep a message from the others.
    private int TryDeliver(Feed feed, ReadOnlySpan<Share> patterns, Delivery run)
    {
        try
        {
            int taken = feed.TryDeliver(run, patterns);
            feed.Mark.Finish(_run);
            return taken;
        }
        catch (Exception fault) when (fault is not OutOfMemoryException)
        {
            foreach (Share share in feed.Shares)
            {
                End(share.Owner, fault);
            }

            return 0;
        }
    }

    private int TryDeliver(Subscription pattern, LiveTopic topic, Delivery run)
    {
        try
        {
            int taken = pattern.TryDeliver(run, topic);
            if (taken == Subscription.NotTaken)
            {
                return 0; // Another of the session may.
            }

            pattern.Mark.Finish(_run);
            return taken;
        }
        catch (Exception fault) when (fault is not OutOfMemoryException)
        {
            End(pattern.Latest, fault);
            return 0;
        }
    }

    private void End(Subscription subscription, Exception fault)
    {
        faults.Report(HubPart.Delivery, subscription.Name, fault);
        subscription.End();
        end(subscription);
    }
}
