using System.Buffers;
using System.IO.Pipelines;
using System.Security.Cryptography;
using Carillon.AspNetCore.Authentication;
using Carillon.Connections;
using Carillon.Deliveries;
using Carillon.Errors;
using Carillon.Resuming;
using Carillon.Sessions;
using Carillon.Topics;
using Microsoft.AspNetCore.Http;

namespace Carillon.AspNetCore.Events;

/// <summary>One response of server-sent events: its subscriptions, its outbox, and the one who writes. Thread-safe.</summary>
internal sealed partial class EventStream : IOutboxTransport, IOutboxOwner, ISessionOwner
{
    private const int MaxBatchFrames = 64;
    private const int MaxBatchBytes = 64 * 1024;

    private readonly EventStreamServer _server;
    private readonly HttpContext _context;
    private readonly Session _session;
    private readonly Outbox _outbox;
    private readonly StreamSignal _signal = new();
    private readonly Lock _gate = new(); // Guards the positions of the subscriptions, so that ids are queued in the order of what they stand for; held only to queue.
    private readonly EventSubscription[] _subscriptions;
    private readonly EventSubscription? _only; // The one topic that ids name, if it is one.
    private int _live;
    private volatile bool _isEnding;

    public EventStream(EventStreamServer server, HttpContext context, EventRequest request)
    {
        _server = server;
        _context = context;
        _outbox = new Outbox(server.Options.Outbox, this, server.Heartbeat.Time);
        _subscriptions = [.. request.Topics.Select(topic => new EventSubscription(this, topic, server.Hub.Segments.IsPattern(topic.Topic), request.WantsKept))];
        EventSubscription[] named = Array.FindAll(_subscriptions, static subscription => !subscription.IsPattern);
        _only = named.Length == 1 ? named[0] : null;
        _lastSignOfLife = server.Heartbeat.Time.GetTimestamp();
        _session = server.Hub.OpenSession(RandomNumberGenerator.GetHexString(24, lowercase: true), context.GetRequester(), this);
    }

    /// <summary>Null: a client of a stream cannot send.</summary>
    long? ISessionOwner.LastPing => null;

    /// <summary>Subscribes to all that the request names.</summary>
    /// <returns>Null when the stream has something to say; else why all of it was refused.</returns>
    public async ValueTask<Error?> SubscribeAsync(CancellationToken cancellationToken)
    {
        Error? first = null;
        _outbox.TryEnqueue(_server.Retry);
        foreach (EventSubscription subscription in _subscriptions)
        {
            Interlocked.Increment(ref _live);
            SubscribeResult result = await _session.SubscribeAsync(subscription.ToRequest(), cancellationToken);
            if (result.Error is { } error)
            {
                Interlocked.Decrement(ref _live);
                first ??= error;
                Send(EventFrames.Refused(subscription.Wanted.Topic, error));
            }
        }

        return Volatile.Read(ref _live) == 0 ? first ?? new Error(ErrorCode.Unavailable, "The subscriptions have ended") : null;
    }

    /// <summary>Writes until the client is gone or <see cref="End"/> was called and all that waited is written.</summary>
    public async Task WriteAsync(PipeWriter body)
    {
        _outbox.Attach(this);
        while (true)
        {
            bool isLast = _isEnding; // Asked before what waits is taken: what was queued before the end is written.
            if (!await WriteWaitingAsync(body) || isLast)
            {
                return;
            }

            await _signal.WaitAsync();
        }
    }

    /// <summary>Nothing more can be queued. Idempotent.</summary>
    public async ValueTask CloseAsync()
    {
        _outbox.Close(discard: true);
        await _session.CloseAsync();
        if (_only is { Format: not null, Part: { } part })
        {
            _server.Formats.Release(part);
        }
    }

    /// <summary>Ends the response behind what waits: an <c>EventSource</c> comes back.</summary>
    public void End()
    {
        _outbox.Close();
        _isEnding = true;
        _signal.Set();
    }

    public bool Send(Frame frame) => _outbox.TryEnqueue(frame);

    public ValueTask WaitForRoomAsync() => _outbox.WaitForRoomAsync();

    /// <summary>A subscription begins: its first message comes behind this.</summary>
    public void Begin(EventSubscription subscription, Start start)
    {
        lock (_gate)
        {
            subscription.MoveTo(start.Position);
            if (subscription == _only)
            {
                subscription.Format = _server.Formats.Take(subscription.Part!);
            }

            _outbox.TryEnqueue([Id(), EventFrames.Subscribed(subscription.Wanted.Topic, start)]);
        }
    }

    public bool TryDeliver(EventSubscription subscription, Delivery delivery)
    {
        if (subscription.IsPattern)
        {
            return _outbox.TryEnqueue(delivery.FramesFor(EventWireFormat.Plain));
        }

        return subscription.Format is { } shared
            ? _outbox.TryEnqueue(delivery.FramesFor(shared))
            : TryDeliverWithIds(subscription, delivery);
    }

    public void OnEnded(TopicName topic, Error reason)
    {
        Send(EventFrames.Unsubscribed(topic, reason));
        if (Interlocked.Decrement(ref _live) == 0)
        {
            End(); // With nothing left to come; the client's next request is told why.
        }
    }

    void ISessionOwner.OnRuleBroken(Error reason)
    {
        Send(EventFrames.RuleBroken(reason));
        EventStreamLog.Ended(_server.Logger, _session.Id, reason.Message);
        End(); // Nothing may follow what it is told last.
    }

    void IOutboxTransport.OnFramesWaiting() => _signal.Set();

    void IOutboxOwner.OnOutboxOverflow() => CutOff("it reads too slowly");

    /// <summary>Has it ended at once; what waits is not sent any more.</summary>
    public void CutOff(string reason)
    {
        if (!_isEnding)
        {
            EventStreamLog.CutOff(_server.Logger, _session.Id, reason);
        }

        _outbox.Close(discard: true);
        End();
        _context.Abort();
    }

    private bool TryDeliverWithIds(EventSubscription subscription, Delivery delivery)
    {
        ReadOnlySpan<Frame> shared = delivery.FramesFor(EventWireFormat.Plain);
        int count = 2 * shared.Length;
        Frame[] frames = ArrayPool<Frame>.Shared.Rent(count);
        try
        {
            lock (_gate)
            {
                for (int i = 0; i < shared.Length; i++)
                {
                    subscription.Offset = delivery.Messages[i].Offset;
                    frames[2 * i] = Id();
                    frames[(2 * i) + 1] = shared[i];
                }

                return _outbox.TryEnqueue(frames.AsSpan(0, count));
            }
        }
        finally
        {
            ArrayPool<Frame>.Shared.Return(frames, clearArray: true);
        }
    }

    // The first line of an event: how far the stream has come with it.
    private Frame Id()
    {
        using var writer = new FrameWriter();
        EventText.Ascii(writer, $"id: {EventId.Prefix}");
        foreach (EventSubscription subscription in _subscriptions)
        {
            if (subscription.Part is { } part)
            {
                EventText.Ascii(writer, part);
                EventText.Number(writer, subscription.Offset);
            }
        }

        EventText.End(writer);
        return writer.ToFrame();
    }

    private async ValueTask<bool> WriteWaitingAsync(PipeWriter body)
    {
        Frame[] frames = ArrayPool<Frame>.Shared.Rent(MaxBatchFrames);
        try
        {
            int taken;
            while ((taken = _outbox.Take(frames.AsSpan(0, MaxBatchFrames), MaxBatchBytes)) > 0)
            {
                foreach (Frame frame in frames.AsSpan(0, taken))
                {
                    body.Write(frame.Payload.Span);
                }

                NoteWriteBegins();
                FlushResult flushed = await body.FlushAsync(CancellationToken.None);
                NoteWriteEnded();
                if (flushed.IsCompleted || _context.RequestAborted.IsCancellationRequested)
                {
                    return false;
                }
            }

            return true;
        }
        finally
        {
            ArrayPool<Frame>.Shared.Return(frames, clearArray: true);
        }
    }
}
