using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using Carillon.AspNetCore.Authentication.Jwt;
using Carillon.Engines.Conformance;
using Microsoft.Extensions.Logging.Abstractions;

namespace Carillon.AspNetCore.Tests.Authentication;

/// <summary>Makes tokens as an issuer does, and the odd ones that none would make.</summary>
internal static class TokenMaker
{
    public const string Secret = "a shared secret that has more than thirty-two bytes";
    public const string Issuer = "https://issuer.test";
    public const string Audience = "carillon";

    public static readonly RSA Rsa = RSA.Create(2048);
    public static readonly ECDsa Ecdsa = ECDsa.Create(ECCurve.NamedCurves.nistP256);

    /// <summary>1 January 2026, when the clock of <see cref="ManualTimeProvider"/> starts.</summary>
    public static readonly long Start = new ManualTimeProvider().GetUtcNow().ToUnixTimeSeconds();

    public static string GoodClaims { get; } = Claims();

    /// <summary>Claims that the options accept for an hour, with others in front of or behind them.</summary>
    public static string Claims(string more = "") =>
        $$"""{"iss":"{{Issuer}}","aud":"{{Audience}}","sub":"ada","exp":{{Start + 3600}}{{(more.Length > 0 ? "," : string.Empty)}}{{more}}}""";

    public static JwtOptions Options(Action<List<JwtKeySettings>>? change = null)
    {
        List<JwtKeySettings> keys =
        [
            new() { Algorithm = JwtAlgorithm.HS256, KeyId = "hs", Secret = Secret },
            new() { Algorithm = JwtAlgorithm.RS256, KeyId = "rs", PublicKey = Rsa.ExportSubjectPublicKeyInfoPem() },
            new() { Algorithm = JwtAlgorithm.ES256, KeyId = "es", PublicKey = Ecdsa.ExportSubjectPublicKeyInfoPem() },
        ];
        change?.Invoke(keys);
        return new JwtOptions { Keys = keys, Issuer = Issuer, Audiences = [Audience] };
    }

    public static JwtVerifier Verifier(JwtOptions? options = null, TimeProvider? time = null) =>
        new(options ?? Options(), time ?? new ManualTimeProvider(), NullLogger<JwtVerifier>.Instance);

    public static string Good(string algorithm = "HS256") => Make(algorithm, $$"""{"alg":"{{algorithm}}","typ":"JWT"}""", GoodClaims);

    public static string Make(string algorithm, string header, string claims)
    {
        string signed = $"{Encode(header)}.{Encode(claims)}";
        return $"{signed}.{Encode(Sign(algorithm, signed))}";
    }

    public static byte[] Sign(string algorithm, string signed)
    {
        byte[] bytes = Encoding.ASCII.GetBytes(signed);
        return algorithm switch
        {
            "HS256" => HMACSHA256.HashData(Encoding.UTF8.GetBytes(Secret), bytes),
            "RS256" => Rsa.SignData(bytes, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1),
            _ => Ecdsa.SignData(bytes, HashAlgorithmName.SHA256),
        };
    }

    public static string Encode(string text) => Encode(Encoding.UTF8.GetBytes(text));

    public static string Encode(byte[] bytes) => Base64Url.EncodeToString(bytes);

    /// <summary>The public keys as a JWK set.</summary>
    public static string KeySet(RSA? rsa = null, string rsaId = "rs", string more = "")
    {
        RSAParameters n = (rsa ?? Rsa).ExportParameters(includePrivateParameters: false);
        ECPoint q = Ecdsa.ExportParameters(includePrivateParameters: false).Q;
        return $$"""
            {"keys":[{{more}}
              {"kty":"RSA","use":"sig","alg":"RS256","kid":"{{rsaId}}","n":"{{Encode(n.Modulus!)}}","e":"{{Encode(n.Exponent!)}}"},
              {"kty":"EC","crv":"P-256","kid":"es","x":"{{Encode(q.X!)}}","y":"{{Encode(q.Y!)}}"}]}
            """;
    }
}
