using System.Buffers.Text;
using System.Security.Cryptography;

namespace Carillon.SocketIO.EngineIO;

/// <summary>Ids that cannot be guessed: who knows a session's id can speak for it.</summary>
internal static class SessionId
{
    private const int RandomBytes = 18;
    private const int IdsAtOnce = 32; // One call of the system's generator costs as much for a few hundred bytes as for a few.

    [ThreadStatic]
    private static byte[]? _random;

    [ThreadStatic]
    private static int _left;

    /// <summary>24 URL-safe characters, 144 random bits.</summary>
    public static string New()
    {
        byte[] random = _random ??= new byte[RandomBytes * IdsAtOnce];
        if (_left == 0)
        {
            RandomNumberGenerator.Fill(random);
            _left = IdsAtOnce;
        }

        Span<byte> next = random.AsSpan(--_left * RandomBytes, RandomBytes);
        string id = Base64Url.EncodeToString(next);
        next.Clear();
        return id;
    }
}
