using System.Text;

namespace Carillon.AspNetCore.Channels;

/// <summary>What a client sent. Its bytes are the receiver's own.</summary>
public readonly struct ChannelMessage
{
    internal ChannelMessage(byte[] bytes, bool isBinary)
    {
        Bytes = bytes;
        IsBinary = isBinary;
    }

    /// <summary>The content; valid UTF-8 unless <see cref="IsBinary"/>.</summary>
    public ReadOnlyMemory<byte> Bytes { get; }

    /// <summary>Whether it was sent as binary; otherwise it is text.</summary>
    public bool IsBinary { get; }

    /// <summary>The content as text, decoded at each call; of a binary message what UTF-8 makes of it.</summary>
    public string Text => Encoding.UTF8.GetString(Bytes.Span);
}
