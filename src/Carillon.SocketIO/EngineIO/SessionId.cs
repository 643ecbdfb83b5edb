using System.Buffers.Text;
using System.Security.Cryptography;

namespace Carillon.SocketIO.EngineIO;

/// <summary>Ids that cannot be guessed: who knows a session's id can speak for it.</summary>
internal static class SessionId
{
    private const int RandomBytes = 18;

    /// <summary>24 URL-safe characters, 144 random bits.</summary>
    public static string New()
    {
        Span<byte> random = stackalloc byte[RandomBytes];
        RandomNumberGenerator.Fill(random);
        return Base64Url.EncodeToString(random);
    }
}
