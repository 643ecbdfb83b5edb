namespace Carillon.SocketIO.Packets;

/// <summary>A binary packet whose attachments are still on their way: socket.io-protocol v5, "Binary event".</summary>
/// <param name="packet">The text packet that announced them, copied.</param>
/// <param name="count">How many were announced; at least 1.</param>
/// <param name="since">Timestamp of the text packet.</param>
internal sealed class BinaryPacket(byte[] packet, int count, long since)
{
    private readonly ReadOnlyMemory<byte>[] _attachments = new ReadOnlyMemory<byte>[count];
    private int _received;

    public byte[] Packet => packet;

    public long Since => since;

    public ReadOnlyMemory<byte>[] Attachments => _attachments;

    /// <summary>Takes the next attachment, copied; true if it was the last.</summary>
    public bool Add(ReadOnlySpan<byte> attachment)
    {
        _attachments[_received++] = attachment.ToArray();
        return _received == _attachments.Length;
    }
}
