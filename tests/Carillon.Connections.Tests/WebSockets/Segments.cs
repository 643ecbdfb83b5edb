using System.Buffers;

namespace Carillon.Connections.Tests.WebSockets;

/// <summary>Makes a sequence of several segments.</summary>
internal sealed class Segments : ReadOnlySequenceSegment<byte>
{
    private Segments(ReadOnlyMemory<byte> memory, long runningIndex)
    {
        Memory = memory;
        RunningIndex = runningIndex;
    }

    public static ReadOnlySequence<byte> Join(IReadOnlyList<byte[]> parts)
    {
        var first = new Segments(parts.Count > 0 ? parts[0] : [], 0);
        Segments last = first;
        foreach (byte[] part in parts.Skip(1))
        {
            var next = new Segments(part, last.RunningIndex + last.Memory.Length);
            last.Next = next;
            last = next;
        }

        return new ReadOnlySequence<byte>(first, 0, last, last.Memory.Length);
    }
}
