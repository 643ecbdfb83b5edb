using System.Buffers;
using BenchmarkDotNet.Attributes;
using Carillon.Connections.WebSockets;

namespace Carillon.MicroBench;

/// <summary>The WebSocket layer of what a client sends.</summary>
[MemoryDiagnoser]
public class WebSocketBenchmarks
{
    private const uint Mask = 0x9F3C_51A7;
    private ReadOnlySequence<byte> _frame;
    private byte[] _payload = [];

    /// <summary>Bytes of the payload.</summary>
    [Params(128, 1024)]
    public int Payload { get; set; }

    /// <summary>Makes a masked frame.</summary>
    [GlobalSetup]
    public void SetUp()
    {
        _payload = Samples.Payload(Payload);
        byte[] header = [0x81, 0x80 | 126, (byte)(Payload >> 8), (byte)Payload, 0xA7, 0x51, 0x3C, 0x9F];
        _frame = new ReadOnlySequence<byte>([.. header, .. _payload]);
    }

    /// <summary>Reads and checks a frame's header.</summary>
    [Benchmark]
    public bool Read_a_header() => WebSocketFrameHeader.TryRead(_frame, out _, out _) == WebSocketReadStatus.Message;

    /// <summary>Removes the mask where the payload lies.</summary>
    [Benchmark]
    public void Remove_the_mask() => WebSocketMask.Apply(_payload, Mask);
}
