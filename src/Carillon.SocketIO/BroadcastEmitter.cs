using Carillon.SocketIO.Acknowledgements;
using Carillon.SocketIO.Cluster;
using Carillon.SocketIO.Json;
using Carillon.SocketIO.Packets;
using Carillon.SocketIO.Rooms;

namespace Carillon.SocketIO;

/// <summary>
/// Many sockets of one namespace: all, those in some rooms, without some. What is sent is encoded once for all of them and reaches each at most once.
/// What is sent to one room, or to all, is seen by its sockets in the same order; what is sent to several rooms at once may come at another place among the
/// events of each. Immutable and thread-safe.
/// </summary>
public abstract partial class BroadcastEmitter : SocketEmitter
{
    private protected BroadcastEmitter()
    {
    }

    /// <summary>The same without other nodes' sockets.</summary>
    public BroadcastOperator Local => new(Target, Audience, Flags with { IsLocal = true });

    /// <summary>The same for events that may be dropped for sockets that cannot take them at once.</summary>
    public BroadcastOperator Volatile => new(Target, Audience, Flags with { IsVolatile = true });

    internal abstract SocketNamespace Target { get; }

    internal abstract Audience Audience { get; }

    internal abstract EmitFlags Flags { get; }

    internal sealed override SocketJson Json => Target.Server.ArgumentsJson;

    /// <summary>The sockets in <paramref name="room"/>; after another room, those in any of them. A socket's id is a room of its own.</summary>
    public BroadcastOperator To(string room)
    {
        ArgumentNullException.ThrowIfNull(room);
        return new BroadcastOperator(Target, Audience with { Rooms = [.. Audience.Rooms, room] }, Flags);
    }

    /// <summary>The sockets in any of <paramref name="rooms"/>.</summary>
    public BroadcastOperator To(params ReadOnlySpan<string> rooms) =>
        new(Target, Audience with { Rooms = [.. Audience.Rooms, .. rooms] }, Flags);

    /// <summary>Another word for <see cref="To(string)"/>.</summary>
    public BroadcastOperator In(string room) => To(room);

    /// <summary>The same without the sockets in <paramref name="room"/>.</summary>
    public BroadcastOperator Except(string room)
    {
        ArgumentNullException.ThrowIfNull(room);
        return new BroadcastOperator(Target, Audience with { Except = [.. Audience.Except, room] }, Flags);
    }

    /// <summary>The same without the sockets in any of <paramref name="rooms"/>.</summary>
    public BroadcastOperator Except(params ReadOnlySpan<string> rooms) =>
        new(Target, Audience with { Except = [.. Audience.Except, .. rooms] }, Flags);

    /// <summary>The same, with or without compression where transports compress.</summary>
    public BroadcastOperator Compress(bool compress) => new(Target, Audience, Flags with { IsUncompressed = !compress });

    /// <summary>
    /// Sends an event and collects the sockets' acknowledgements until all have answered or left, or <paramref name="timeout"/> is over; who did not answer is
    /// part of the result, not an exception.
    /// </summary>
    /// <typeparam name="T">What each answers: its first argument.</typeparam>
    /// <param name="eventName">The event.</param>
    /// <param name="arguments">Its arguments, each serialized by its run-time type.</param>
    /// <param name="timeout">How long to wait.</param>
    /// <param name="cancellationToken">Ends the waiting with an <see cref="OperationCanceledException"/>.</param>
    public Task<BroadcastAnswers<T>> EmitWithAckAsync<T>(
        string eventName, object?[] arguments, TimeSpan timeout, CancellationToken cancellationToken = default) =>
        BroadcastQuestion.AskAsync<T>(this, eventName, arguments, timeout, cancellationToken);

    internal sealed override ValueTask SendAsync(in Payload payload)
    {
        Target.Broadcast(Audience, Flags, payload);
        return MessageForOthers(ClusterMessageKind.Broadcast, payload) is { } message ? Target.Server.Cluster!.PublishAsync(message) : ValueTask.CompletedTask;
    }
}
