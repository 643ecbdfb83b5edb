using System.Text.Json;

namespace Carillon.AspNetCore.Authentication.Jwt;

/// <summary>
/// What of a token's header is listened to. Keys and addresses in it (<c>jwk</c>, <c>jku</c>, <c>x5u</c>, <c>x5c</c>) are passed over: whoever forges a token would choose them.
/// </summary>
/// <param name="Algorithm">The algorithm that it says it is signed by; it chooses among keys, never what a key does.</param>
/// <param name="KeyId">The name of its key; null if it names none.</param>
internal readonly record struct JwtHeader(JwtAlgorithm Algorithm, string? KeyId)
{
    // RFC 7519 §5.1 and RFC 9068 §2.1; media types may stand with or without "application/" (RFC 7515 §4.1.9).
    private static readonly string[] Types = ["JWT", "at+jwt", "application/at+jwt"];

    /// <summary>Reads a header; the problem is a whole sentence.</summary>
    public static (JwtHeader Header, string? Problem) Read(byte[] utf8)
    {
        using JsonDocument? document = StrictJson.TryParseObject(utf8);
        if (document is null)
        {
            return (default, "The token's header must be a JSON object without repeated keys");
        }

        JsonElement header = document.RootElement;

        // RFC 7515 §4.1.11: an extension that is not understood makes the token invalid. RFC 7797's would change what is signed.
        if (header.TryGetProperty("crit"u8, out _) || header.TryGetProperty("b64"u8, out _))
        {
            return (default, "The token's header asks for extensions ('crit', 'b64'), and none is understood");
        }

        if (header.TryGetProperty("typ"u8, out JsonElement type)
            && !(type.TryGetText(out string? typeName) && Types.Contains(typeName, StringComparer.OrdinalIgnoreCase)))
        {
            return (default, "The token's type ('typ') must be JWT or at+jwt");
        }

        if (ReadAlgorithm(header) is not { } algorithm)
        {
            return (default, "The token's algorithm ('alg') must be HS256, RS256 or ES256");
        }

        string? keyId = null;
        return !header.TryGetProperty("kid"u8, out JsonElement kid) || kid.TryGetText(out keyId)
            ? (new JwtHeader(algorithm, keyId), null)
            : (default, "The token's key name ('kid') must be text");
    }

    private static JwtAlgorithm? ReadAlgorithm(JsonElement header)
    {
        if (!header.TryGetProperty("alg"u8, out JsonElement value) || !value.TryGetText(out string? name))
        {
            return null;
        }

        return name switch
        {
            "HS256" => JwtAlgorithm.HS256,
            "RS256" => JwtAlgorithm.RS256,
            "ES256" => JwtAlgorithm.ES256,
            _ => null,
        };
    }
}
