using System.Buffers;
using BenchmarkDotNet.Attributes;
using Carillon.Connections;
using Carillon.SocketIO;
using Carillon.SocketIO.EngineIO;

namespace Carillon.MicroBench;

/// <summary>HTTP bodies with ten packets.</summary>
[MemoryDiagnoser]
public class PollingBenchmarks
{
    private const int Packets = 10;
    private readonly ArrayBufferWriter<byte> _writer = new(64 * 1024);
    private Frame[] _frames = [];
    private byte[] _body = [];

    /// <summary>Bytes of each packet's payload.</summary>
    [Params(128, 1024)]
    public int Payload { get; set; }

    /// <summary>Makes frames and a body.</summary>
    [GlobalSetup]
    public void SetUp()
    {
        byte[] payload = Samples.Payload(Payload);
        _frames = [.. Enumerable.Range(0, Packets).Select(_ => SocketIOFrame.Event("/", "message", payload))];
        PollingPayload.Write(_writer, _frames);
        _body = _writer.WrittenSpan.ToArray();
    }

    /// <summary>Writes the answer to a poll.</summary>
    [Benchmark]
    public int Write_a_body()
    {
        _writer.ResetWrittenCount();
        PollingPayload.Write(_writer, _frames);
        return _writer.WrittenCount;
    }

    /// <summary>Splits a posted body.</summary>
    [Benchmark]
    public int Split_a_body()
    {
        ReadOnlyMemory<byte> rest = _body;
        int count = 0;
        while (PollingPayload.TryTake(ref rest, out _))
        {
            count++;
        }
        return count;
    }
}
