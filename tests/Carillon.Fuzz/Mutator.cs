using System.Text;

namespace Carillon.Fuzz;

/// <summary>
/// Makes inputs out of a corpus: each is some entry with a few random changes, and depends on nothing but the seed and its number. Not thread-safe.
/// </summary>
internal sealed class Mutator(IReadOnlyList<byte[]> corpus, ulong seed)
{
    private const int MaxLength = 1024;
    private const int MaxChanges = 6;

    private static readonly byte[][] Tokens =
    [
        .. new[]
        {
            "40", "41", "42", "43", "44", "450-", "451-", "452-", "4511-", "461-", "/a,", "/,", ",", "[", "]", "{", "}", "\"", "\\", "\\u0000", "\\ud800", "\x1e", "b", "bAQ==",
            "{\"_placeholder\":true,\"num\":0}", "{\"_placeholder\":true,\"num\":1}", "\"num\":-1", "null", "true", "-1", "1e999", "0", "999999999999999", "99999999999999999999",
            "[[[[[[[[", "[\"toString\"]", "\"__proto__\"", "\"connect\"", "\"disconnect\"", "1", "2", "3", "5", "6", "2probe",
        }.Select(Encoding.UTF8.GetBytes),
        [0x00], [0x7F], [0x80], [0xFF], [0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF], [0x80, 0, 0, 0, 0, 0, 0, 0], [0x81, 0x80, 0, 0, 0, 0], [0x88, 0x80, 0, 0, 0, 0], [0xFE, 0xFF, 0xFF],
        [0xC3, 0xA9], [0xED, 0xA0, 0x80], [0xF0, 0x9F, 0x98, 0x80],
    ];

    private readonly List<byte> _bytes = new(MaxLength);
    private ulong _state;

    /// <summary>The input with this number.</summary>
    public byte[] Make(long number)
    {
        _state = seed ^ ((ulong)number * 0x9E3779B97F4A7C15);
        _bytes.Clear();
        _bytes.AddRange(corpus[Next(corpus.Count)]);
        for (int changes = Next(MaxChanges); changes >= 0; changes--)
        {
            Change();
        }

        if (_bytes.Count > MaxLength)
        {
            _bytes.RemoveRange(MaxLength, _bytes.Count - MaxLength);
        }

        return [.. _bytes];
    }

    private void Change()
    {
        int at = Next(_bytes.Count + 1);
        int length = Math.Min(Next(16) + 1, _bytes.Count - at);
        switch (Next(10))
        {
            case 0 when at < _bytes.Count:
                _bytes[at] ^= (byte)(1 << Next(8));
                break;
            case 1 when at < _bytes.Count:
                _bytes[at] = (byte)Next(256);
                break;
            case 2:
                _bytes.Insert(at, (byte)Next(256));
                break;
            case 3:
                _bytes.RemoveRange(at, length);
                break;
            case 4:
                _bytes.RemoveRange(at, _bytes.Count - at);
                break;
            case 5:
                _bytes.InsertRange(Next(_bytes.Count + 1), _bytes.GetRange(at, length));
                break;
            case 6:
                Repeat(_bytes.GetRange(at, length), at);
                break;
            case 7:
                byte[] other = corpus[Next(corpus.Count)];
                _bytes.InsertRange(at, other.AsSpan(Next(other.Length + 1)).ToArray());
                break;
            case 8 when at < _bytes.Count && _bytes[at] is >= (byte)'0' and <= (byte)'9':
                _bytes[at] = (byte)('0' + Next(10));
                break;
            default:
                _bytes.InsertRange(at, Tokens[Next(Tokens.Length)]);
                break;
        }
    }

    private void Repeat(List<byte> part, int at)
    {
        for (int times = Next(32); times > 0 && _bytes.Count < MaxLength; times--)
        {
            _bytes.InsertRange(at, part);
        }
    }

    // SplitMix64, so that the numbers are the same on every machine.
    private int Next(int bound)
    {
        _state += 0x9E3779B97F4A7C15;
        ulong z = _state;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return (int)((z ^ (z >> 31)) % (ulong)bound);
    }
}
