using System.Runtime.InteropServices;

namespace Carillon.SocketIO.Packets;

/// <summary>
/// What stands in front of a packet's JSON: <c>&lt;type&gt;[&lt;attachments&gt;-][&lt;namespace&gt;,][&lt;id&gt;][JSON]</c>
/// (socket.io-protocol v5, "Packet encoding").
/// </summary>
/// <param name="Type">The packet's type.</param>
/// <param name="Attachments">How many binary attachments follow; 0 unless the type is binary.</param>
/// <param name="Namespace">Where the namespace's name lies; empty for <c>/</c>.</param>
/// <param name="Id">The acknowledgement's number, or <see cref="NoId"/>.</param>
/// <param name="DataStart">Where the JSON begins; the packet's length if there is none.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct PacketHeader(PacketType Type, int Attachments, Range Namespace, long Id, int DataStart)
{
    public const long NoId = -1;
    private const int MaxDigits = 15; // Within the integers that clients' numbers represent exactly.

    public static bool TryRead(ReadOnlySpan<byte> packet, out PacketHeader header)
    {
        header = default;
        if (packet.IsEmpty || packet[0] is < (byte)PacketType.Connect or > (byte)PacketType.BinaryAcknowledgement)
        {
            return false;
        }

        var type = (PacketType)packet[0];
        int at = 1;
        long attachments = 0;
        if (type is PacketType.BinaryEvent or PacketType.BinaryAcknowledgement)
        {
            if (!TryReadNumber(packet, ref at, out attachments) || attachments > int.MaxValue || at >= packet.Length || packet[at] != '-')
            {
                return false;
            }

            at++;
        }

        Range name = at..at;
        if (at < packet.Length && packet[at] == '/')
        {
            int comma = packet[at..].IndexOf((byte)',');
            int end = comma < 0 ? packet.Length : at + comma;
            name = at..end;
            at = Math.Min(end + 1, packet.Length);
        }

        long id = NoId;
        if (at < packet.Length && char.IsAsciiDigit((char)packet[at]) && !TryReadNumber(packet, ref at, out id))
        {
            return false;
        }

        header = new PacketHeader(type, (int)attachments, name, id, at);
        return true;
    }

    private static bool TryReadNumber(ReadOnlySpan<byte> packet, ref int at, out long number)
    {
        number = 0;
        int start = at;
        while (at < packet.Length && char.IsAsciiDigit((char)packet[at]))
        {
            if (at - start == MaxDigits)
            {
                return false;
            }

            number = (number * 10) + (packet[at] - '0');
            at++;
        }

        return at > start;
    }
}
