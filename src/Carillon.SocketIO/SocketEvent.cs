using System.Buffers;
using System.Runtime.CompilerServices;
using Carillon.SocketIO.Packets;
using Microsoft.Extensions.DependencyInjection;

namespace Carillon.SocketIO;

/// <summary>
/// An event a client sent. Its arguments are slices of a pooled buffer that is taken back when the handler's task completes; attachments may be kept, and
/// acknowledging is possible later, from any thread.
/// </summary>
public sealed partial class SocketEvent
{
    private const long Acknowledged = -2;
    private readonly JsonSlice[] _elements;
    private readonly ReadOnlyMemory<byte>[] _attachments;
    private byte[]? _buffer;
    private long _id;
    private AsyncServiceScope? _scope;

    internal SocketEvent(Socket socket, ReadOnlySpan<byte> data, JsonSlice[] elements, ReadOnlyMemory<byte>[] attachments, long id)
    {
        Socket = socket;
        _elements = elements;
        _attachments = attachments;
        _id = id;
        Size = data.Length + (elements.Length * Unsafe.SizeOf<JsonSlice>()) + attachments.Sum(static attachment => attachment.Length);
        _buffer = ArrayPool<byte>.Shared.Rent(data.Length);
        data.CopyTo(_buffer);
    }

    /// <summary>The socket it came from.</summary>
    public Socket Socket { get; }

    /// <summary>The event's name.</summary>
    public string Name { get; internal set; } = string.Empty;

    /// <summary>How many arguments follow the name.</summary>
    public int ArgumentCount => _elements.Length - 1;

    /// <summary>The binary attachments, in the order of their placeholders' numbers.</summary>
    public IReadOnlyList<ReadOnlyMemory<byte>> Attachments => _attachments;

    /// <summary>
    /// All arguments as they were sent: comma-separated JSON values in valid UTF-8, to be read until the handler's task completes. Empty if there are none.
    /// </summary>
    public ReadOnlyMemory<byte> ArgumentsJson => ArgumentsJsonFrom(0);

    /// <summary>Whether the client waits for an acknowledgement that it did not get yet.</summary>
    public bool AcknowledgementRequested => Volatile.Read(ref _id) >= 0;

    /// <summary>The application's services in a scope of this event, which ends when the handler's task completes.</summary>
    public IServiceProvider Services => (_scope ??= Socket.Client.Server.Services.CreateAsyncScope()).ServiceProvider;

    /// <summary>How much memory the packet holds with its attachments, in bytes.</summary>
    internal int Size { get; }

    internal ReadOnlySpan<byte> NameElement => Slice(0).Span;

    /// <summary>
    /// The argument at <paramref name="index"/> as it was sent: one JSON value in valid UTF-8, syntax checked, to be read until the handler's task completes.
    /// Binary data stands there as its placeholder. False if there are fewer, or the handler has completed.
    /// </summary>
    public bool TryGetJson(int index, out ReadOnlyMemory<byte> json)
    {
        json = default;
        if (index < 0 || index >= ArgumentCount || _buffer is null)
        {
            return false;
        }

        json = Slice(index + 1);
        return true;
    }

    /// <summary>The arguments from <paramref name="index"/> on, like <see cref="ArgumentsJson"/>.</summary>
    public ReadOnlyMemory<byte> ArgumentsJsonFrom(int index)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(index);
        if (index >= ArgumentCount || _buffer is null)
        {
            return default;
        }

        int start = _elements[index + 1].Start;
        return _buffer.AsMemory(start, _elements[^1].Start + _elements[^1].Length - start);
    }

    /// <summary>Answers the event without arguments; see <see cref="Acknowledge{T}(T)"/>.</summary>
    public bool Acknowledge() => AcknowledgeJson(default);

    /// <summary>
    /// Answers the event with one argument. True if it was queued to be sent: the first answer to an event that asked for one, its socket still connected.
    /// </summary>
    public bool Acknowledge<T>(T argument)
    {
        using PayloadWriter writer = PayloadWriter.BeginArguments(Socket.Json);
        writer.Add(argument);
        return Acknowledge(writer.End());
    }

    /// <summary>
    /// Answers the event with arguments that are JSON already: comma-separated values in UTF-8, or nothing, and what their placeholders stand for.
    /// </summary>
    public bool AcknowledgeJson(ReadOnlySpan<byte> argumentsJson, params ReadOnlySpan<ReadOnlyMemory<byte>> attachments)
    {
        using PayloadWriter writer = PayloadWriter.BeginArguments(Socket.Json);
        writer.AddJson(argumentsJson, attachments);
        return Acknowledge(writer.End());
    }

    /// <summary>Answers <c>{"error":"…"}</c>, where an answer is still due.</summary>
    internal void AcknowledgeError(string text)
    {
        AcknowledgeJson([.. "{\"error\":"u8, .. Socket.Json.ToUtf8(text), .. "}"u8]);
    }

    /// <summary>Takes the buffer back, and ends the scope.</summary>
    internal ValueTask ReleaseAsync()
    {
        byte[]? buffer = Interlocked.Exchange(ref _buffer, null);
        if (buffer is not null)
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }

        return _scope is { } scope ? EndAsync(scope) : ValueTask.CompletedTask;
    }

    // Turns an exception of a container's own scopes into the task's.
    private static async ValueTask EndAsync(AsyncServiceScope scope) => await scope.DisposeAsync();

    private bool Acknowledge(in Payload payload)
    {
        long id = Interlocked.Exchange(ref _id, Acknowledged);
        return id >= 0 && Socket.TrySend(PacketWriter.Acknowledgement(Socket.Namespace.Prefix, payload, id));
    }

    private ReadOnlyMemory<byte> Slice(int element) => _buffer.AsMemory(_elements[element].Start, _elements[element].Length);
}
