using System.Text.Json;
using BenchmarkDotNet.Attributes;
using Carillon.Connections;
using Carillon.SocketIO;
using Carillon.SocketIO.Packets;

namespace Carillon.MicroBench;

/// <summary>Socket.IO packets: one event encoded for all its receivers, one taken apart.</summary>
[MemoryDiagnoser]
public class PacketBenchmarks
{
    private static readonly JsonEncodedText Name = JsonEncodedText.Encode("message");
    private byte[] _payload = [];
    private byte[] _packet = [];
    private byte[] _data = [];

    /// <summary>Bytes of the payload.</summary>
    [Params(128, 1024)]
    public int Payload { get; set; }

    /// <summary>Makes payload and packet.</summary>
    [GlobalSetup]
    public void SetUp()
    {
        _payload = Samples.Payload(Payload);
        _packet = Samples.EventPacket(Payload);
        PacketHeader.TryRead(_packet, out PacketHeader header);
        _data = _packet[header.DataStart..];
    }

    /// <summary>Allocates the frame that all receivers share.</summary>
    [Benchmark]
    public Frame Encode_an_event() => SocketIOFrame.Event("/", Name, _payload);

    /// <summary>Reads type, namespace and acknowledgement number.</summary>
    [Benchmark]
    public bool Decode_a_header() => PacketHeader.TryRead(_packet, out _);

    /// <summary>Checks the JSON and finds the arguments; allocates their positions.</summary>
    [Benchmark]
    public int Decode_the_data() => PacketData.FindElements(_data)!.Length;
}
