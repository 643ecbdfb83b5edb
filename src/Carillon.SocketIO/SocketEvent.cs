using System.Buffers;
using Carillon.SocketIO.Packets;

namespace Carillon.SocketIO;

/// <summary>
/// An event a client sent. Its arguments are slices of a pooled buffer that is taken back when the handler's task completes; acknowledging is
/// possible later, from any thread.
/// </summary>
public sealed class SocketEvent
{
    private const long Acknowledged = -2;
    private readonly JsonSlice[] _elements;
    private readonly int _length;
    private byte[]? _buffer;
    private long _id;

    internal SocketEvent(Socket socket, ReadOnlySpan<byte> data, JsonSlice[] elements, long id)
    {
        Socket = socket;
        _elements = elements;
        _id = id;
        _length = data.Length;
        _buffer = ArrayPool<byte>.Shared.Rent(data.Length);
        data.CopyTo(_buffer);
    }

    /// <summary>The socket it came from.</summary>
    public Socket Socket { get; }

    /// <summary>The event's name.</summary>
    public string Name { get; internal set; } = string.Empty;

    /// <summary>How many arguments follow the name.</summary>
    public int ArgumentCount => _elements.Length - 1;

    /// <summary>Whether the client waits for an acknowledgement that it did not get yet.</summary>
    public bool AcknowledgementRequested => Volatile.Read(ref _id) >= 0;

    /// <summary>Size of the packet in bytes.</summary>
    internal int Size => _length;

    internal ReadOnlySpan<byte> NameElement => Slice(0).Span;

    /// <summary>
    /// The argument at <paramref name="index"/> as it was sent: one JSON value in valid UTF-8, syntax checked, to be read until the handler's task completes.
    /// False if there are fewer, or the handler has completed.
    /// </summary>
    public bool TryGetArgument(int index, out ReadOnlyMemory<byte> json)
    {
        json = default;
        if (index < 0 || index >= ArgumentCount || _buffer is null)
        {
            return false;
        }

        json = Slice(index + 1);
        return true;
    }

    /// <summary>
    /// Answers the event; <paramref name="argumentsJson"/> holds comma-separated JSON values in UTF-8, or nothing. True if it was queued to be sent:
    /// the first answer to an event that asked for one, its socket still connected.
    /// </summary>
    public bool Acknowledge(ReadOnlySpan<byte> argumentsJson)
    {
        long id = Interlocked.Exchange(ref _id, Acknowledged);
        if (id < 0)
        {
            return false;
        }

        return Socket.TrySend(PacketWriter.Acknowledgement(Socket.Namespace, id, argumentsJson));
    }

    /// <summary>Takes the buffer back.</summary>
    internal void Release()
    {
        byte[]? buffer = Interlocked.Exchange(ref _buffer, null);
        if (buffer is not null)
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private ReadOnlyMemory<byte> Slice(int element) => _buffer.AsMemory(_elements[element].Start, _elements[element].Length);
}
