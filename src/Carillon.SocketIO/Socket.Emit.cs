using Carillon.Connections;
using Carillon.SocketIO.Acknowledgements;
using Carillon.SocketIO.Packets;
using Carillon.SocketIO.Rooms;

namespace Carillon.SocketIO;

public sealed partial class Socket
{
    private Dictionary<long, IPendingAcknowledgement>? _acknowledgements; // Guarded by _gate.

    /// <summary>The namespace's other sockets.</summary>
    public BroadcastOperator Broadcast => new(Namespace, new Audience([], [Id]), default);

    /// <summary>This socket, for events that may be dropped if it cannot take them at once.</summary>
    public SocketEmitter Volatile => new SingleSocketEmitter(this, new EmitFlags { IsVolatile = true });

    /// <summary>The sockets in a room of the namespace, without this one.</summary>
    public BroadcastOperator To(string room) => Broadcast.To(room);

    /// <summary>The namespace's sockets without this one and those in a room.</summary>
    public BroadcastOperator Except(string room) => Broadcast.Except(room);

    /// <summary>This socket, with or without compression where its transport compresses.</summary>
    public SocketEmitter Compress(bool compress) => new SingleSocketEmitter(this, new EmitFlags { IsUncompressed = !compress });

    /// <summary>
    /// Sends an event and waits for the client's acknowledgement: its first argument, or <c>null</c> if it has none. In a handler of the same socket,
    /// the socket's further events wait meanwhile.
    /// </summary>
    /// <typeparam name="T">What the client answers; binary data is <c>ReadOnlyMemory&lt;byte&gt;</c> or <c>byte[]</c>.</typeparam>
    /// <param name="eventName">The event.</param>
    /// <param name="arguments">Its arguments, each serialized by its run-time type.</param>
    /// <param name="timeout">How long to wait; <see cref="Timeout.InfiniteTimeSpan"/> for as long as the socket is there.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    /// <exception cref="SocketTimeoutException">No answer came in time. One that comes later is ignored.</exception>
    /// <exception cref="SocketDisconnectedException">The socket has left.</exception>
    /// <exception cref="SocketAnswerException">The answer is no <typeparamref name="T"/>.</exception>
    /// <exception cref="NotSupportedException"><see cref="SocketIOOptions.Json"/> knows no <typeparamref name="T"/>; nobody was asked.</exception>
    public async Task<T> EmitWithAckAsync<T>(string eventName, object?[] arguments, TimeSpan timeout, CancellationToken cancellationToken = default)
    {
        var pending = new PendingAcknowledgement<T>(AnswerReader.Of<T>(Json, eventName));
        long id = Namespace.NextAcknowledgementId();
        SendAsking(eventName, arguments, id, pending);
        try
        {
            return await pending.Answer.WaitAsync(timeout, _client.Server.Time, cancellationToken);
        }
        catch (TimeoutException error)
        {
            throw new SocketTimeoutException($"Socket {Id} did not answer \"{eventName}\" in time.", error);
        }
        finally
        {
            Forget(id);
        }
    }

    /// <summary>
    /// Queues a frame made for this socket's namespace. False if the socket has left or its outbox is full; a full outbox closes the client's session.
    /// </summary>
    public bool TrySend(Frame frame) => IsConnected && _client.Session.Outbox.TryEnqueue(frame);

    /// <summary>Queues all frames, with nothing between them, or none; see <see cref="TrySend(Frame)"/>.</summary>
    public bool TrySend(ReadOnlySpan<Frame> frames) => IsConnected && _client.Session.Outbox.TryEnqueue(frames);

    /// <summary>
    /// Completes when no more than half of what the client's outbox holds is left to be written, or the client is gone: who sends much to one client waits for this between portions.
    /// </summary>
    public ValueTask WaitForRoomAsync() => _client.Session.Outbox.WaitForRoomAsync();

    internal override ValueTask SendAsync(in Payload payload)
    {
        Send(payload, default);
        return ValueTask.CompletedTask;
    }

    internal void Send(in Payload payload, EmitFlags flags)
    {
        if (Namespace.Recovery is { } recovery)
        {
            recovery.Send(new Audience([Id], []), flags, payload);
        }
        else if (!flags.IsVolatile || CanSendNow)
        {
            Send(PacketWriter.Event(Namespace.Prefix, payload, PacketHeader.NoId, default, !flags.IsUncompressed), isVolatile: false);
        }
    }

    /// <summary>Queues the frames; false if the socket has left, or would let volatile ones wait.</summary>
    internal bool Send(ReadOnlySpan<Frame> frames, bool isVolatile) => (!isVolatile || CanSendNow) && TrySend(frames);

    /// <summary>Registers who waits for the answer to event <paramref name="id"/>. False if the socket has left.</summary>
    internal bool TryExpect(long id, IPendingAcknowledgement pending)
    {
        lock (_gate)
        {
            if (_state != SocketState.Connected)
            {
                return false;
            }

            (_acknowledgements ??= []).Add(id, pending);
            _client.Backlog.BeginQuestion();
            return true;
        }
    }

    internal IPendingAcknowledgement? Forget(long id)
    {
        lock (_gate)
        {
            IPendingAcknowledgement? pending = null;
            if (_acknowledgements?.Remove(id, out pending) == true)
            {
                _client.Backlog.EndQuestions(1);
            }

            return pending;
        }
    }

    /// <summary>The client acknowledged. One that nobody waits for is ignored: it may have come too late.</summary>
    internal void OnAcknowledged(long id, ReadOnlySpan<byte> data, JsonSlice[] arguments, ReadOnlyMemory<byte>[] attachments) =>
        Forget(id)?.OnAnswer(this, data, arguments, attachments);

    private bool CanSendNow => _client.Session.CanSendNow;

    // Not async: the payload lives on this thread only.
    private void SendAsking(string eventName, object?[] arguments, long id, IPendingAcknowledgement pending)
    {
        using PayloadWriter writer = PayloadWriter.BeginEvent(Json, eventName);
        writer.AddAll(arguments);
        if (!TryExpect(id, pending))
        {
            throw new SocketDisconnectedException();
        }

        Send(PacketWriter.Event(Namespace.Prefix, writer.End(), id, default, isCompressible: true), isVolatile: false);
    }

    private void FailAcknowledgements(DisconnectReason reason)
    {
        Dictionary<long, IPendingAcknowledgement>? pending;
        lock (_gate)
        {
            pending = _acknowledgements;
            _acknowledgements = null;
            _client.Backlog.EndQuestions(pending?.Count ?? 0);
        }

        foreach (IPendingAcknowledgement waiting in pending?.Values ?? Enumerable.Empty<IPendingAcknowledgement>())
        {
            waiting.OnLeft(this, reason);
        }
    }
}
