namespace Carillon.AspNetCore.Authentication.Jwt;

/// <summary>A key as configuration holds it: exactly one of a secret, a public key and a file with one.</summary>
public sealed class JwtKeySettings
{
    /// <summary>The only algorithm that the key verifies; must be set.</summary>
    public JwtAlgorithm? Algorithm { get; init; }

    /// <summary>The <c>kid</c> by which tokens name the key; null, the default, for a key that tokens need not name.</summary>
    public string? KeyId { get; init; }

    /// <summary>For HS256: the shared secret, used as its UTF-8 bytes, at least 32 of them.</summary>
    public string? Secret { get; init; }

    /// <summary>For HS256: the shared secret as base64 or base64url, at least 32 bytes.</summary>
    public string? SecretBase64 { get; init; }

    /// <summary>For RS256 and ES256: the public key as PEM text (<c>-----BEGIN PUBLIC KEY-----</c>).</summary>
    public string? PublicKey { get; init; }

    /// <summary>For RS256 and ES256: a file that holds the public key as PEM text; read once.</summary>
    public string? PublicKeyFile { get; init; }
}
