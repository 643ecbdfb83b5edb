using System.Net;
using System.Text;

namespace Carillon.Bench.Wire.SignalR;

/// <summary>
/// A SignalR connection over WebSocket with the JSON hub protocol: records that end with 0x1e; a frame may hold several, and a record may go on in the
/// next frame.
/// </summary>
internal class SignalRLink(IPEndPoint server, Opening opening) : WebSocketLink(server, opening), IHeartbeat
{
    private const byte FinBit = 0x80;
    private const byte RecordEnd = 0x1e;
    private static readonly byte[] Ping = Record("""{"type":6}""");

    // A record that began in an earlier frame; no array for clients whose records never do.
    private byte[] _partial = [];
    private int _partialLength;

    /// <summary>Opens to the hub.</summary>
    public static Opening ToHub { get; } = new("/hub", [new(Record("""{"protocol":"json","version":1}"""), "{}"u8.ToArray())]);

    /// <summary>Opens to the hub, then invokes one method, which must return true.</summary>
    /// <param name="method">The method.</param>
    /// <param name="argumentsJson">Comma-separated JSON values.</param>
    public static Opening ToHubWith(string method, string argumentsJson) => ToHub with
    {
        Steps =
        [
            .. ToHub.Steps,
            new(
                Record($$"""{"type":1,"invocationId":"0","target":"{{method}}","arguments":[{{argumentsJson}}]}"""),
                """{"type":3,"invocationId":"0","result":true}"""u8.ToArray()),
        ],
    };

    /// <summary>A frame with one record, which is ASCII.</summary>
    public static byte[] Record(string json) => WebSocketFrames.Text(json + (char)RecordEnd);

    public void Beat()
    {
        if (IsOpen)
        {
            Send(Ping);
        }
    }

    protected override void OnData(byte first, ReadOnlySpan<byte> payload, long now)
    {
        // Text or continuation, final or not: records end with their own mark.
        if ((first & ~FinBit) > 1)
        {
            throw new LoadException($"{GetType().Name} received a WebSocket frame that begins with 0x{first:x2}.");
        }
        int end;
        while ((end = payload.IndexOf(RecordEnd)) >= 0)
        {
            if (_partialLength == 0)
            {
                OnRecord(payload[..end], now);
            }
            else
            {
                Keep(payload[..end]);
                int length = _partialLength;
                _partialLength = 0;
                OnRecord(_partial.AsSpan(0, length), now);
            }
            payload = payload[(end + 1)..];
        }
        Keep(payload);
    }

    private void OnRecord(ReadOnlySpan<byte> record, long now)
    {
        if (record.StartsWith("{\"type\":7"u8))
        {
            throw new LoadException($"The server closed a connection: {Encoding.UTF8.GetString(record)}");
        }
        if (!record.SequenceEqual("{\"type\":6}"u8))
        {
            Take(record, now);
        }
    }

    private void Keep(ReadOnlySpan<byte> bytes)
    {
        if (_partial.Length < _partialLength + bytes.Length)
        {
            Array.Resize(ref _partial, (_partialLength + bytes.Length) * 2);
        }
        bytes.CopyTo(_partial.AsSpan(_partialLength));
        _partialLength += bytes.Length;
    }
}
