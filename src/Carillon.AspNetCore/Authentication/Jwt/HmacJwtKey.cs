using System.Security.Cryptography;

namespace Carillon.AspNetCore.Authentication.Jwt;

/// <summary>A shared secret for HS256.</summary>
internal sealed class HmacJwtKey(string? id, byte[] secret) : JwtKey(JwtAlgorithm.HS256, id, SHA256.HashData(secret))
{
    /// <summary>RFC 7518 §3.2: a key as long as the hash, at least.</summary>
    public const int MinSecretBytes = 32;

    private readonly byte[] _secret = secret;

    public override bool Verifies(ReadOnlySpan<byte> signed, ReadOnlySpan<byte> signature)
    {
        Span<byte> expected = stackalloc byte[HMACSHA256.HashSizeInBytes];
        HMACSHA256.HashData(_secret, signed, expected);
        return CryptographicOperations.FixedTimeEquals(expected, signature);
    }
}
