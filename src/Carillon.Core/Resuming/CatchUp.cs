using System.Runtime.InteropServices;
using Carillon.Deliveries;
using Carillon.Diagnostics;
using Carillon.Engines;
using Carillon.Messages;
using Carillon.Topics;

namespace Carillon.Resuming;

/// <summary>
/// Brings one subscription from a place in the log to the present, without a gap and without a message twice. It reads the log at the subscriber's pace, while what
/// fan-out offers waits in a small buffer. Once it has read up to where the buffer begins, the buffer follows, and fan-out delivers from there on.
/// </summary>
/// <remarks>
/// Fan-out offers every message after those that were handed out before the subscription became known to it; all of these were in the log by then. So whoever has read up to
/// the end that the log had after that moment, and up to whatever the buffer had to let go, is missing nothing.
/// </remarks>
internal sealed class CatchUp(TopicName topic, Subscription subscription, ITopicEngine engine, HubFaults faults)
{
    /// <summary>Messages that wait for the hand-over at most; beyond that they are read from the log like the rest.</summary>
    internal const int MaxBuffered = 512;

    private const int MaxBufferedBytes = 256 * 1024;
    private const int PageSize = 256;

    private readonly Lock _gate = new(); // guards all below; held while frames are queued, never over a read of the log
    private readonly List<Message> _buffer = [];
    private readonly Delivery _delivery = new(faults);
    private long _bufferedBytes;
    private long _position; // everything up to it was delivered, or was not asked for
    private long _letGo;    // the newest message that the buffer could not keep
    private bool _joined;

    /// <summary>True once fan-out alone delivers, and nothing it offers was delivered before.</summary>
    public bool IsOver { get; private set; }

    /// <summary>What fan-out has to deliver. Called by its loop only.</summary>
    /// <returns>How many messages the subscriber took.</returns>
    public int Offer(Delivery delivery)
    {
        lock (_gate)
        {
            ReadOnlySpan<Message> messages = delivery.Messages;
            if (!_joined)
            {
                Keep(messages);
                return 0;
            }

            int known = CountKnown(messages);
            IsOver = known < messages.Length;
            return known == 0 ? subscription.Deliver(delivery) : IsOver ? Deliver(messages[known..]) : 0;
        }
    }

    /// <summary>Reads until fan-out can take over. To be started when fan-out knows the subscription.</summary>
    /// <param name="position">The offset after which messages are wanted.</param>
    /// <param name="lastOffset">The end of the log, asked for after fan-out knew the subscription.</param>
    /// <param name="cancellationToken">Ends it between two pages.</param>
    /// <returns>What became of it.</returns>
    public async Task<CatchUpEnd> RunAsync(long position, long lastOffset, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            _position = position;
        }

        while (!TryJoin(lastOffset))
        {
            await subscription.Subscriber.WaitForRoomAsync(cancellationToken);
            if (subscription.HasEnded)
            {
                return CatchUpEnd.SubscriberGone;
            }

            var query = new MessageQuery { Topic = topic, AfterOffset = _position, Ascending = true, Limit = PageSize };
            IReadOnlyList<Message> page = (await engine.QueryAsync(query, cancellationToken)).Items;
            if (page.Count == 0 || page[0].Offset != _position + 1)
            {
                return CatchUpEnd.HistoryGone; // Retention was faster than the subscriber.
            }

            if (!await DeliverAsync([.. page], cancellationToken))
            {
                return CatchUpEnd.SubscriberGone;
            }
        }

        return CatchUpEnd.Joined;
    }

    // In runs that fit into what a subscriber holds, however large the messages of a page are.
    private async ValueTask<bool> DeliverAsync(Message[] page, CancellationToken cancellationToken)
    {
        for (int start = 0; start < page.Length;)
        {
            if (start > 0)
            {
                await subscription.Subscriber.WaitForRoomAsync(cancellationToken);
            }

            int end = start;
            for (int bytes = 0; end < page.Length && (end == start || bytes + page[end].Payload.Length <= MaxBufferedBytes); end++)
            {
                bytes += page[end].Payload.Length;
            }

            lock (_gate)
            {
                if (subscription.HasEnded || (Deliver(page.AsSpan(start, end - start)) == 0 && subscription.Filter is null))
                {
                    return false;
                }
            }

            start = end;
        }

        return true;
    }

    private bool TryJoin(long lastOffset)
    {
        lock (_gate)
        {
            if (_position < Math.Max(lastOffset, _letGo))
            {
                return false;
            }

            ReadOnlySpan<Message> buffered = CollectionsMarshal.AsSpan(_buffer)[CountKnown(CollectionsMarshal.AsSpan(_buffer))..];
            if (!buffered.IsEmpty)
            {
                Deliver(buffered);
            }

            _buffer.Clear();
            _buffer.TrimExcess();
            _joined = true;
            return true;
        }
    }

    private void Keep(ReadOnlySpan<Message> messages)
    {
        foreach (Message message in messages[CountKnown(messages)..])
        {
            _buffer.Add(message);
            _bufferedBytes += message.Payload.Length;
        }

        if (_buffer.Count > MaxBuffered || _bufferedBytes > MaxBufferedBytes)
        {
            _letGo = _buffer[^1].Offset;
            _bufferedBytes = 0;
            _buffer.Clear();
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
        int delivered = subscription.Deliver(_delivery);
        _delivery.Clear();
        _position = messages[^1].Offset;
        return delivered;
    }
}
