using System.Buffers;
using Carillon.Connections.WebSockets;

namespace Carillon.Connections;

/// <summary>
/// Collects a packet's bytes and turns them into a <see cref="Frame"/> of exactly their size, with the WebSocket header in front.
/// Room for the header is kept while collecting, so the bytes are copied once. Reusable after <see cref="Reset"/>.
/// Not thread-safe.
/// </summary>
public sealed class FrameWriter : IBufferWriter<byte>, IDisposable
{
    private const int DefaultCapacity = 256;
    private const int LargestKept = 64 * 1024;
    private byte[] _buffer;
    private int _length;

    /// <summary>Creates a writer with room for <paramref name="capacity"/> bytes; it grows as needed.</summary>
    public FrameWriter(int capacity = DefaultCapacity)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(capacity);
        _buffer = ArrayPool<byte>.Shared.Rent(Math.Max(capacity, 16));
    }

    /// <summary>How many bytes of payload were collected.</summary>
    public int WrittenCount => _length;

    /// <summary>The collected payload, valid until the next call.</summary>
    public ReadOnlySpan<byte> WrittenSpan => _buffer.AsSpan(0, _length);

    /// <inheritdoc/>
    public void Advance(int count)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, _buffer.Length - _length);
        _length += count;
    }

    /// <inheritdoc/>
    public Memory<byte> GetMemory(int sizeHint = 0)
    {
        Reserve(sizeHint);
        return _buffer.AsMemory(_length);
    }

    /// <inheritdoc/>
    public Span<byte> GetSpan(int sizeHint = 0)
    {
        Reserve(sizeHint);
        return _buffer.AsSpan(_length);
    }

    /// <summary>Forgets what was collected and keeps the buffer, unless it had grown far beyond the usual.</summary>
    public void Reset()
    {
        _length = 0;
        if (_buffer.Length > LargestKept)
        {
            ArrayPool<byte>.Shared.Return(_buffer);
            _buffer = ArrayPool<byte>.Shared.Rent(DefaultCapacity);
        }
    }

    /// <summary>Makes the frame of what was collected; the writer keeps its bytes until <see cref="Reset"/>.</summary>
    public Frame ToFrame(bool isBinary = false, bool isCompressible = true)
    {
        int headerLength = WebSocketFrameHeader.LengthFor(_length);
        var bytes = GC.AllocateUninitializedArray<byte>(headerLength + _length);
        WebSocketFrameHeader.Write(bytes, isBinary ? WebSocketOpcode.Binary : WebSocketOpcode.Text, _length);
        _buffer.AsSpan(0, _length).CopyTo(bytes.AsSpan(headerLength));
        return new Frame(bytes, headerLength, isBinary, isCompressible);
    }

    /// <summary>Returns the buffer to the pool. The writer must not be used afterwards; frames made of it stay valid.</summary>
    public void Dispose()
    {
        byte[] buffer = Interlocked.Exchange(ref _buffer, []);
        _length = 0;
        if (buffer.Length > 0)
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private void Reserve(int sizeHint)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(sizeHint);
        int needed = Math.Max(sizeHint, 1);
        if (_buffer.Length - _length >= needed)
        {
            return;
        }

        byte[] larger = ArrayPool<byte>.Shared.Rent(Math.Max(checked(_length + needed), _buffer.Length * 2));
        _buffer.AsSpan(0, _length).CopyTo(larger);
        byte[] old = _buffer;
        _buffer = larger;
        if (old.Length > 0)
        {
            ArrayPool<byte>.Shared.Return(old);
        }
    }
}
