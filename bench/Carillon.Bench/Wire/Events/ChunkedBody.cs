using System.Buffers.Text;

namespace Carillon.Bench.Wire.Events;

/// <summary>Cuts an HTTP/1.1 body in chunks (RFC 9112 §7.1): hexadecimal size, line end, so many bytes, line end.</summary>
internal sealed class ChunkedBody
{
    private int _left; // Of the chunk in hand, its line end included.

    /// <summary>Takes what there is of the next piece of the body: a chunk, or a part of one.</summary>
    /// <param name="bytes">What was received and not yet taken.</param>
    /// <param name="text">The piece.</param>
    /// <param name="taken">The bytes that it took, with the frame around it.</param>
    /// <returns>False when more bytes are needed.</returns>
    /// <exception cref="LoadException">The body has ended, or is no chunked one.</exception>
    public bool TryTake(ReadOnlySpan<byte> bytes, out ReadOnlySpan<byte> text, out int taken)
    {
        text = default;
        taken = 0;
        if (_left == 0)
        {
            int head = bytes.IndexOf("\r\n"u8);
            if (head < 0)
            {
                return false;
            }
            if (!Utf8Parser.TryParse(bytes[..head], out int size, out int used, 'x') || used != head || size == 0)
            {
                throw new LoadException("The server ended a stream of events.");
            }
            taken = head + 2;
            _left = size + 2;
        }
        int there = Math.Min(_left, bytes.Length - taken);
        text = bytes.Slice(taken, Math.Max(0, Math.Min(there, _left - 2)));
        taken += there;
        _left -= there;
        return taken > 0;
    }
}
