using System.Security.Cryptography;
using Microsoft.Extensions.ObjectPool;

namespace Carillon.AspNetCore.Authentication.Jwt;

/// <summary>A public key on P-256 for ES256.</summary>
internal sealed class EcdsaJwtKey : JwtKey
{
    /// <summary>RFC 7518 §3.4: R and S, 32 bytes each; not the DER form that other protocols use.</summary>
    private const int SignatureLength = 64;

    private const int CoordinateLength = 32;
    private const string P256 = "1.2.840.10045.3.1.7";

    // One ECDsa object is not promised to serve several threads.
    private readonly ObjectPool<ECDsa> _verifiers;

    private EcdsaJwtKey(string? id, ECParameters key)
        : base(JwtAlgorithm.ES256, id, SHA256.HashData([.. key.Q.X!, .. key.Q.Y!])) =>
        _verifiers = new DefaultObjectPoolProvider().Create(new EcdsaPolicy(key));

    /// <summary>The key, or what is wrong with it, as the end of a sentence about it.</summary>
    public static (JwtKey? Key, string? Problem) Create(string? id, ECParameters key)
    {
        // The size alone does not tell: other curves have 256 bits too.
        if (!key.Curve.IsNamed || key.Curve.Oid.Value != P256)
        {
            return (null, "must lie on the curve P-256");
        }

        if (key.Q.X?.Length != CoordinateLength || key.Q.Y?.Length != CoordinateLength)
        {
            return (null, $"must have coordinates of {CoordinateLength} bytes");
        }

        var parameters = new ECParameters { Curve = ECCurve.NamedCurves.nistP256, Q = key.Q };
        try
        {
            using ECDsa probe = ECDsa.Create(parameters);
        }
        catch (CryptographicException)
        {
            return (null, "is no point of the curve P-256");
        }

        return (new EcdsaJwtKey(id, parameters), null);
    }

    public override bool Verifies(ReadOnlySpan<byte> signed, ReadOnlySpan<byte> signature)
    {
        if (signature.Length != SignatureLength)
        {
            return false;
        }

        ECDsa verifier = _verifiers.Get();
        bool genuine = verifier.VerifyData(signed, signature, HashAlgorithmName.SHA256, DSASignatureFormat.IeeeP1363FixedFieldConcatenation);
        _verifiers.Return(verifier);
        return genuine;
    }

    private sealed class EcdsaPolicy(ECParameters key) : PooledObjectPolicy<ECDsa>
    {
        public override ECDsa Create() => ECDsa.Create(key);

        public override bool Return(ECDsa obj) => true;
    }
}
