using System.Buffers;

namespace Carillon.Connections;

/// <summary>
/// One encoded message, immutable and shared by any number of outboxes: a WebSocket header, and behind it the packet's bytes.
/// Transports with their own framing (long-polling, server-sent events) take the same bytes without the header.
/// Thread-safe.
/// </summary>
public sealed class Frame
{
    private readonly byte[] _bytes;
    private readonly int _headerLength;

    internal Frame(byte[] bytes, int headerLength, bool isBinary, bool isCompressible)
    {
        _bytes = bytes;
        _headerLength = headerLength;
        IsBinary = isBinary;
        IsCompressible = isCompressible;
    }

    /// <summary>The bytes a WebSocket connection sends: a header for an unmasked final frame (RFC 6455 §5.2), then the payload.</summary>
    public ReadOnlyMemory<byte> WebSocketBytes => _bytes;

    /// <summary>The packet alone, without a WebSocket header.</summary>
    public ReadOnlyMemory<byte> Payload => _bytes.AsMemory(_headerLength);

    /// <summary>Whether the payload goes out as a binary message; otherwise it is UTF-8 text.</summary>
    public bool IsBinary { get; }

    /// <summary>Whether a transport that compresses may compress it; false for what is small, or compressed already.</summary>
    public bool IsCompressible { get; }

    /// <summary>Length in bytes with the header: what the frame counts in an outbox.</summary>
    public int Length => _bytes.Length;

    /// <summary>Makes a text frame of a copy of <paramref name="utf8"/>, which the caller knows to be valid UTF-8.</summary>
    public static Frame FromText(ReadOnlySpan<byte> utf8) => Create(utf8, isBinary: false);

    /// <summary>Makes a binary frame of a copy of <paramref name="bytes"/>.</summary>
    public static Frame FromBinary(ReadOnlySpan<byte> bytes) => Create(bytes, isBinary: true);

    private static Frame Create(ReadOnlySpan<byte> payload, bool isBinary)
    {
        using var writer = new FrameWriter(payload.Length);
        writer.Write(payload);
        return writer.ToFrame(isBinary);
    }
}
