namespace Carillon.SocketIO.Packets;

/// <summary>What a packet carries: a JSON array in UTF-8, and the bytes that its placeholders stand for. Valid only during the call it is passed to.</summary>
/// <param name="json">The array: name and arguments of an event, or the arguments of an acknowledgement.</param>
/// <param name="attachments">Binary attachments in the order of their placeholders' numbers.</param>
internal readonly ref struct Payload(ReadOnlySpan<byte> json, ReadOnlySpan<ReadOnlyMemory<byte>> attachments)
{
    public ReadOnlySpan<byte> Json { get; } = json;

    public ReadOnlySpan<ReadOnlyMemory<byte>> Attachments { get; } = attachments;

    public byte[][] CopyAttachments()
    {
        var copies = new byte[Attachments.Length][];
        for (int i = 0; i < copies.Length; i++)
        {
            copies[i] = Attachments[i].ToArray();
        }

        return copies;
    }
}
