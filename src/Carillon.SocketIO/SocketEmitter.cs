#pragma warning disable MA0100 // A payload is used up before the task is returned; see SendAsync.
using Carillon.SocketIO.Json;
using Carillon.SocketIO.Packets;

namespace Carillon.SocketIO;

/// <summary>
/// Something that events can be sent to: one socket, a room, a namespace. Arguments are serialized by <see cref="SocketIOOptions.Json"/>, once for all receivers;
/// <c>byte[]</c> and <c>ReadOnlyMemory&lt;byte&gt;</c>, also inside of objects, travel as binary attachments. Sending never waits for a client.
/// The names <c>connect</c>, <c>connect_error</c>, <c>disconnect</c>, <c>disconnecting</c>, <c>newListener</c> and <c>removeListener</c> are reserved:
/// an <see cref="ArgumentException"/>. Thread-safe.
/// </summary>
public abstract class SocketEmitter
{
    private protected SocketEmitter()
    {
    }

    internal abstract SocketJson Json { get; }

    /// <summary>Sends an event without arguments.</summary>
    public ValueTask EmitAsync(string eventName)
    {
        using PayloadWriter writer = PayloadWriter.BeginEvent(Json, eventName);
        return SendAsync(writer.End());
    }

    /// <summary>Sends an event with one argument.</summary>
    public ValueTask EmitAsync<T>(string eventName, T argument)
    {
        using PayloadWriter writer = PayloadWriter.BeginEvent(Json, eventName);
        writer.Add(argument);
        return SendAsync(writer.End());
    }

    /// <summary>Sends an event with two arguments.</summary>
    public ValueTask EmitAsync<T1, T2>(string eventName, T1 first, T2 second)
    {
        using PayloadWriter writer = PayloadWriter.BeginEvent(Json, eventName);
        writer.Add(first);
        writer.Add(second);
        return SendAsync(writer.End());
    }

    /// <summary>Sends an event with any number of arguments, each serialized by its run-time type.</summary>
    public ValueTask EmitAsync(string eventName, params object?[]? arguments)
    {
        using PayloadWriter writer = PayloadWriter.BeginEvent(Json, eventName);
        writer.AddAll(arguments ?? [null]);
        return SendAsync(writer.End());
    }

    /// <summary>
    /// Sends an event whose arguments are JSON already: comma-separated values in UTF-8, or nothing. They are sent as they are, so the caller answers for
    /// their being JSON. <paramref name="attachments"/> are what their placeholders <c>{"_placeholder":true,"num":N}</c> stand for.
    /// </summary>
    public ValueTask EmitJsonAsync(string eventName, ReadOnlySpan<byte> argumentsJson, params ReadOnlySpan<ReadOnlyMemory<byte>> attachments)
    {
        using PayloadWriter writer = PayloadWriter.BeginEvent(Json, eventName);
        writer.AddJson(argumentsJson, attachments);
        return SendAsync(writer.End());
    }

    /// <summary>Sends what the payload holds; it is valid during the call only, not until the task completes.</summary>
    internal abstract ValueTask SendAsync(in Payload payload);
}
