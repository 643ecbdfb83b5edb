using System.Buffers.Text;
using System.Text;

namespace Carillon.Bench.Wire;

/// <summary>
/// The bytes of one request, built once; each message writes only its sequence number (over every run of <c>#</c>; a short run takes its last
/// digits) and, where there is one, a random message_id (over the <c>@</c>s).
/// </summary>
internal sealed class MessageTemplate
{
    public const int PayloadSize = 128;

    /// <summary>Stands in front of the digits of the sequence number, in what is sent and in what is delivered.</summary>
    public static ReadOnlySpan<byte> SequenceMarker => "\"seq\":\""u8;

    public const int SequenceDigits = 10;
    private const int IdLength = 36;

    private readonly byte[] _bytes;
    private readonly List<Range> _sequences = [];
    private readonly int _id;

    /// <summary>Finds the placeholders.</summary>
    /// <param name="header">Bytes in front of the text that stay as they are.</param>
    /// <param name="text">ASCII, with its placeholders.</param>
    public MessageTemplate(ReadOnlySpan<byte> header, string text)
    {
        _bytes = [.. header, .. Encoding.ASCII.GetBytes(text)];
        _id = Array.IndexOf(_bytes, (byte)'@', header.Length);
        for (int start = Array.IndexOf(_bytes, (byte)'#', header.Length); start >= 0;)
        {
            int end = start;
            while (_bytes[end] == '#')
            {
                end++;
            }
            _sequences.Add(start..end);
            start = Array.IndexOf(_bytes, (byte)'#', end);
        }
    }

    /// <summary>The body of a publish: 128 bytes of payload, with or without a message_id of the client's.</summary>
    public static string PublishBody(string topic, bool withId)
    {
        string id = withId ? $"\"message_id\":\"{new string('@', IdLength)}\"," : "";
        return $$"""{"topic":"{{topic}}",{{id}}"message":{{Payload(PayloadSize)}}}""";
    }

    /// <summary>A JSON object of <paramref name="size"/> bytes that holds the sequence number.</summary>
    public static string Payload(int size)
    {
        string head = $$"""{"seq":"{{new string('#', SequenceDigits)}}","text":""" + "\"";
        return head + new string('x', size - head.Length - 2) + "\"}";
    }

    /// <summary>Writes one message's numbers over the placeholders.</summary>
    /// <returns>The request's bytes, valid until the next call.</returns>
    public ReadOnlySpan<byte> Fill(int sequence)
    {
        foreach (Range range in _sequences)
        {
            Span<byte> digits = _bytes.AsSpan(range);
            int rest = sequence;
            for (int i = digits.Length - 1; i >= 0; i--)
            {
                digits[i] = (byte)('0' + (rest % 10));
                rest /= 10;
            }
        }
        if (_id >= 0)
        {
            _ = Utf8Formatter.TryFormat(Guid.NewGuid(), _bytes.AsSpan(_id), out _);
        }
        return _bytes;
    }

    /// <summary>Finds the sequence number in a delivered payload; -1 when there is none.</summary>
    public static int ReadSequence(ReadOnlySpan<byte> payload)
    {
        int marker = payload.IndexOf(SequenceMarker);
        return marker >= 0 && Utf8Parser.TryParse(payload[(marker + SequenceMarker.Length)..], out int sequence, out int used)
            && used == SequenceDigits
            ? sequence
            : -1;
    }
}
