using System.Security.Cryptography;
using Microsoft.Extensions.ObjectPool;

namespace Carillon.AspNetCore.Authentication.Jwt;

/// <summary>An RSA public key for RS256.</summary>
internal sealed class RsaJwtKey : JwtKey
{
    /// <summary>RFC 7518 §3.3.</summary>
    public const int MinBits = 2048;

    /// <summary>Beyond this, each verification would cost more than a request may.</summary>
    public const int MaxBits = 8192;

    // One RSA object is not promised to serve several threads.
    private readonly ObjectPool<RSA> _verifiers;

    private RsaJwtKey(string? id, RSAParameters key)
        : base(JwtAlgorithm.RS256, id, SHA256.HashData([.. key.Modulus!, .. key.Exponent!])) =>
        _verifiers = new DefaultObjectPoolProvider().Create(new RsaPolicy(key));

    /// <summary>The key, or what is wrong with it, as the end of a sentence about it.</summary>
    public static (JwtKey? Key, string? Problem) Create(string? id, RSAParameters key)
    {
        ReadOnlySpan<byte> modulus = key.Modulus.AsSpan().TrimStart((byte)0);
        ReadOnlySpan<byte> exponent = key.Exponent.AsSpan().TrimStart((byte)0);
        int bits = modulus.IsEmpty ? 0 : (8 * modulus.Length) - byte.LeadingZeroCount(modulus[0]);
        if (bits is < MinBits or > MaxBits)
        {
            return (null, $"must have {MinBits} to {MaxBits} bits, but has {bits}");
        }

        // An exponent of 1 would make every signature its own message; a long one makes verifying slow.
        bool usable = exponent.Length is >= 1 and <= 8 && (exponent[^1] & 1) == 1 && !(exponent.Length == 1 && exponent[0] == 1);
        if (!usable || (modulus[^1] & 1) == 0)
        {
            return (null, "is no usable RSA key: its exponent or modulus cannot be");
        }

        var parameters = new RSAParameters { Modulus = modulus.ToArray(), Exponent = exponent.ToArray() };
        try
        {
            using RSA probe = RSA.Create(parameters);
        }
        catch (CryptographicException)
        {
            return (null, "is no usable RSA key");
        }

        return (new RsaJwtKey(id, parameters), null);
    }

    public override bool Verifies(ReadOnlySpan<byte> signed, ReadOnlySpan<byte> signature)
    {
        RSA verifier = _verifiers.Get();
        bool genuine = verifier.VerifyData(signed, signature, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        _verifiers.Return(verifier);
        return genuine;
    }

    private sealed class RsaPolicy(RSAParameters key) : PooledObjectPolicy<RSA>
    {
        public override RSA Create() => RSA.Create(key);

        public override bool Return(RSA obj) => true;
    }
}
