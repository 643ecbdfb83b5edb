namespace Carillon.AspNetCore.Authentication.Jwt;

/// <summary>The signature algorithms of RFC 7518 §3.1 that are accepted. There is no other, and above all no <c>none</c>.</summary>
public enum JwtAlgorithm
{
    /// <summary>HMAC with SHA-256 and a shared secret.</summary>
    HS256,

    /// <summary>RSASSA-PKCS1-v1_5 with SHA-256.</summary>
    RS256,

    /// <summary>ECDSA on P-256 with SHA-256.</summary>
    ES256,
}
