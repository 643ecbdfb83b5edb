using System.Runtime.InteropServices;

namespace Carillon.SocketIO.Recovery;

/// <summary>An event in memory.</summary>
/// <param name="Sent">The event.</param>
/// <param name="Bytes">What it costs.</param>
/// <param name="Since">Timestamp of its sending.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct KeptEvent(RecoverableEvent Sent, long Bytes, long Since)
{
    /// <summary>What an event costs besides its bytes and the names of rooms: objects and references, rounded up.</summary>
    private const int Overhead = 256;

    public static KeptEvent Of(RecoverableEvent sent, long now)
    {
        long bytes = Overhead;
        for (int i = 0; i < sent.Frames.Count; i++) // A list behind its interface would make an enumerator for each event.
        {
            bytes += sent.Frames[i].Length;
        }

        return new KeptEvent(sent, bytes + LengthOf(sent.Rooms) + LengthOf(sent.Except), now);
    }

    private static long LengthOf(IReadOnlyList<string> rooms)
    {
        long chars = 0;
        for (int i = 0; i < rooms.Count; i++)
        {
            chars += rooms[i].Length;
        }

        return chars * sizeof(char);
    }
}
