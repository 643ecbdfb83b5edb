using System.Runtime.InteropServices;
using Carillon.Deliveries;
using Carillon.Diagnostics;
using Carillon.Engines;
using Carillon.Messages;
using Carillon.Topics;

namespace Carillon.Resuming;

/// <summary>
/// Brings a session's subscriptions to a topic from places in the log to the present, without a gap and without a message twice. It reads the log at the subscriber's pace, while what
/// fan-out offers waits in a small buffer. Once it has read up to where the buffer begins, the buffer follows, and fan-out delivers from there on.
/// </summary>
/// <remarks>
/// Fan-out offers every message after those that were handed out before a subscription became known to it; all of these were in the log by then. So whoever has read up to
/// the end that the log had after that moment, and up to whatever the buffer had to let go, is missing nothing.
/// What the subscriptions select that are catching up is left to them; the rest is delivered at once to the session's others, its patterns among them. What was left to one that ends
/// before it delivered that is still to come for those others.
/// </remarks>
internal sealed partial class CatchUp(Feed feed, ITopicEngine engine, SemaphoreSlim turn, HubFaults faults)
{
    /// <summary>Messages that wait for the hand-over at most; beyond that they are read from the log like the rest.</summary>
    internal const int MaxBuffered = 512;

    private const int MaxBufferedBytes = 256 * 1024;
    private const int PageSize = 256;

    private readonly Lock _gate = new(); // guards all below and in the other part; held while frames are queued, never over a read of the log
    private readonly List<Message> _buffer = [];
    private readonly Delivery _delivery = new(faults);
    private long _bufferedBytes;
    private long _position; // everything up to it was delivered, or was not asked for
    private long _target;   // the log is to be read up to here
    private long _letGo;    // the newest message that the buffer could not keep
    private long _offered;  // the newest message that fan-out has offered
    private bool _hasBegun;
    private bool _isReading;
    private bool _joined;

    /// <summary>True once fan-out alone delivers, and nothing it offers was delivered before.</summary>
    public bool IsOver { get; private set; }

    /// <summary>What fan-out has to deliver. Called by its loop only.</summary>
    /// <param name="delivery">The messages.</param>
    /// <param name="patterns">The session's patterns that match the topic and whose subscriber may read it.</param>
    /// <param name="taken">For each message whether it was dealt with already, and then whether it is now; when <see cref="IsOver"/>, the others are for fan-out to deliver.</param>
    /// <returns>How many messages the subscribers took.</returns>
    public int Offer(Delivery delivery, ReadOnlySpan<Share> patterns, Span<bool> taken)
    {
        lock (_gate)
        {
            ReadOnlySpan<Message> messages = delivery.Messages;
            Note(patterns, messages[0].Offset);
            ReleaseEnded();
            int mine = _joined ? CountKnown(messages) : messages.Length;
            IsOver = _joined && messages[^1].Offset >= _position;
            if (mine == 0)
            {
                return 0;
            }

            bool[] kept = taken.ToArray();
            kept.AsSpan(mine).Fill(true);
            Keep(delivery, kept.AsSpan(0, mine));
            _offered = messages[mine - 1].Offset;
            taken[..mine].Fill(true);
            return DeliverToOthers(delivery, patterns, kept);
        }
    }

    /// <summary>Reads until fan-out can take over, for a subscription that was added. To be started when fan-out knows it.</summary>
    /// <param name="subscription">The subscription.</param>
    /// <param name="position">The offset after which messages are wanted.</param>
    /// <param name="lastOffset">The end of the log, asked for after fan-out knew the subscription.</param>
    /// <param name="asKept">Whether messages up to that end are only wanted as far as they are kept when they are read.</param>
    /// <param name="cancellationToken">Ends it between two pages.</param>
    /// <returns>What became of it, also of the subscriptions that were added while it was reading already.</returns>
    public async Task<CatchUpEnd> RunAsync(Subscription subscription, long position, long lastOffset, bool asKept, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            ReleaseEnded();
            Begin(subscription, position, asKept ? lastOffset : 0);
            _target = Math.Max(_target, lastOffset);
            if (_isReading)
            {
                return CatchUpEnd.Joined; // It goes on from there.
            }

            _isReading = true;
        }

        return await ReadAsync(subscription, cancellationToken);
    }

    /// <summary>Reads on for those of the session that are still owed something, after the reading has failed for <paramref name="subscription"/>.</summary>
    public async Task<CatchUpEnd> GoOnAsync(Subscription subscription, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            ReleaseEnded();
            if (_isReading || _claims.Count == 0)
            {
                return CatchUpEnd.Joined;
            }

            _isReading = true;
        }

        return await ReadAsync(subscription, cancellationToken);
    }

    private async Task<CatchUpEnd> ReadAsync(Subscription subscription, CancellationToken cancellationToken)
    {
        try
        {
            CatchUpEnd? end = null;
            while (end is null)
            {
                // One page at a time for all topics of a session: together they would overrun the outbox that each finds empty.
                await turn.WaitAsync(cancellationToken);
                try
                {
                    end = await StepAsync(subscription, cancellationToken);
                }
                finally
                {
                    turn.Release();
                }
            }

            return end.Value;
        }
        catch
        {
            lock (_gate)
            {
                _isReading = false;
            }

            throw;
        }
    }

    // Null when more is to be read.
    private async ValueTask<CatchUpEnd?> StepAsync(Subscription subscription, CancellationToken cancellationToken)
    {
        await SubscriberOr(subscription).WaitForRoomAsync(cancellationToken);
        if (TryFinish(out CatchUpEnd end, out long after, out long upTo))
        {
            return end;
        }

        var query = new MessageQuery { Topic = feed.Topic.Name, AfterOffset = after, Ascending = true, Limit = PageSize };
        Message[] page = [.. (await engine.QueryAsync(query, cancellationToken)).Items.TakeWhile(message => message.Offset <= upTo)];
        if (page.Length == 0 || page[0].Offset != after + 1)
        {
            return TryPass(after, page.Length == 0 ? upTo : page[0].Offset - 1) ? null : CatchUpEnd.HistoryGone; // Retention was faster than the subscriber.
        }

        // In runs that fit into what a subscriber holds, however large the messages of a page are.
        for (int start = 0; start < page.Length;)
        {
            if (start > 0)
            {
                await SubscriberOr(subscription).WaitForRoomAsync(cancellationToken);
            }

            int stop = start;
            for (int bytes = 0; stop < page.Length && (stop == start || bytes + page[stop].Payload.Length <= MaxBufferedBytes); stop++)
            {
                bytes += page[stop].Payload.Length;
            }

            lock (_gate)
            {
                ReleaseEnded();
                if (_position != page[start].Offset - 1)
                {
                    return null; // Somebody wants messages from before: the page is read again.
                }

                if (Deliver(page.AsSpan(start, stop - start)) == Feed.Refused)
                {
                    _isReading = false;
                    return CatchUpEnd.SubscriberGone;
                }
            }

            start = stop;
        }

        return null;
    }

    private bool TryFinish(out CatchUpEnd end, out long after, out long upTo)
    {
        lock (_gate)
        {
            ReleaseEnded();
            end = CatchUpEnd.Joined;
            after = _position;
            upTo = Math.Max(_target, _letGo);
            if (_claims.Exists(static claim => claim.After is null))
            {
                _isReading = false; // Whoever looks that up reads on.
                return true;
            }

            if (_claims.Count > 0 && _position < upTo)
            {
                return false;
            }

            ReadOnlySpan<Message> buffered = CollectionsMarshal.AsSpan(_buffer)[CountKnown(CollectionsMarshal.AsSpan(_buffer))..];
            if (!buffered.IsEmpty && Deliver(buffered) == Feed.Refused)
            {
                end = CatchUpEnd.SubscriberGone;
            }

            _buffer.Clear();
            _buffer.TrimExcess();
            _bufferedBytes = 0;
            _joined = end == CatchUpEnd.Joined;
            _isReading = false;
            return true;
        }
    }

    // Messages were deleted before they were read. That is no loss to those who wanted what is kept.
    private bool TryPass(long after, long gone)
    {
        lock (_gate)
        {
            if (_position != after)
            {
                return true; // Read again from there.
            }

            foreach (Claim claim in _claims)
            {
                if (claim.After < gone)
                {
                    gone = Math.Min(gone, after <= claim.After ? claim.KeptUpTo : 0);
                }
            }

            if (gone <= after)
            {
                _isReading = false;
                return false;
            }

            foreach (Claim claim in _claims)
            {
                claim.After = claim.After < gone ? gone : claim.After;
            }

            _position = gone;
            return true;
        }
    }

    // Marks those that are claimed as taken; they wait unless they were read from the log already.
    private void Keep(Delivery delivery, Span<bool> taken)
    {
        ReadOnlySpan<Message> messages = delivery.Messages;
        int first = taken.IndexOf(false); // What others of the session have taken is not left to the claims.
        long firstLeft = first < 0 ? 0 : messages[first].Offset;
        _claims.ForEach(claim => claim.FirstLeft = claim.FirstLeft == 0 ? firstLeft : claim.FirstLeft);
        for (int i = 0; i < taken.Length; i++)
        {
            if (taken[i] || !IsClaimed(delivery, i))
            {
                continue;
            }

            taken[i] = true;
            if (!_joined && messages[i].Offset > _position)
            {
                _buffer.Add(messages[i]);
                _bufferedBytes += messages[i].Payload.Length;
            }
        }

        if (_buffer.Count > MaxBuffered || _bufferedBytes > MaxBufferedBytes)
        {
            _letGo = _buffer[^1].Offset;
            _bufferedBytes = 0;
            _buffer.Clear();
        }
    }

    // Nobody's claim: at once to those that are live. Shares change meanwhile, as in the feed.
    private int DeliverToOthers(Delivery delivery, ReadOnlySpan<Share> patterns, Span<bool> taken)
    {
        int count = 0;
        while (true)
        {
            ReadOnlySpan<Share> shares = feed.Shares;
            int more = Feed.Deliver(delivery, OthersNeedsLock(shares, patterns), taken, feed.Topic);
            count += Math.Max(0, more);
            if (more == Feed.Refused || shares == feed.Shares)
            {
                return count;
            }
        }
    }

    private int CountKnown(ReadOnlySpan<Message> messages)
    {
        int known = 0;
        while (known < messages.Length && messages[known].Offset <= _position)
        {
            known++;
        }

        return known;
    }

    private int Deliver(ReadOnlySpan<Message> messages)
    {
        _delivery.Load(messages);
        int delivered = Feed.Deliver(_delivery, SharesNeedsLock(), new bool[messages.Length], feed.Topic);
        _delivery.Clear();
        _position = messages[^1].Offset;
        return delivered;
    }
}
