using System.Text;

namespace Carillon.MicroBench;

/// <summary>What the benchmarks encode and decode.</summary>
internal static class Samples
{
    /// <summary>A JSON object of the given size in bytes.</summary>
    public static byte[] Payload(int size)
    {
        const string head = "{\"seq\":\"0000000042\",\"text\":\"";
        return Encoding.ASCII.GetBytes(head + new string('x', size - head.Length - 2) + "\"}");
    }

    /// <summary>A Socket.IO packet with that payload, as a client sends it, without Engine.IO's type.</summary>
    public static byte[] EventPacket(int size) => [.. "217[\"publish\",\"room\","u8, .. Payload(size), (byte)']'];
}
