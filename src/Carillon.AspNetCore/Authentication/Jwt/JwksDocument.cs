using System.Security.Cryptography;
using System.Text.Json;

namespace Carillon.AspNetCore.Authentication.Jwt;

/// <summary>
/// Reads a JWK set (RFC 7517 §5). As it asks for, keys that are not understood are passed over: other types, other curves, keys for encryption, keys that are too weak.
/// Secrets and private keys are too: whoever publishes them has lost them.
/// </summary>
internal static class JwksDocument
{
    public const int MaxBytes = 64 * 1024;

    /// <summary>The keys of the set, or why there is none, as the end of a sentence about it.</summary>
    public static (JwtKey[]? Keys, string? Problem) Read(ReadOnlyMemory<byte> utf8)
    {
        if (utf8.Length > MaxBytes)
        {
            return (null, $"is larger than {MaxBytes} bytes");
        }

        using JsonDocument? document = StrictJson.TryParseObject(utf8);
        if (document is null || !document.RootElement.TryGetProperty("keys"u8, out JsonElement keys) || keys.ValueKind != JsonValueKind.Array)
        {
            return (null, "is no JWK set: it must be a JSON object with an array 'keys'");
        }

        if (keys.GetArrayLength() > JwtOptions.MaxKeys)
        {
            return (null, $"has more than {JwtOptions.MaxKeys} keys");
        }

        JwtKey[] usable = [.. keys.EnumerateArray().Select(ReadKey).OfType<JwtKey>()];
        return usable.Length > 0 ? (usable, null) : (null, "has no public key for RS256 (2048 to 8192 bits) or ES256 (P-256)");
    }

    private static JwtKey? ReadKey(JsonElement key)
    {
        if (key.ValueKind != JsonValueKind.Object || key.TryGetProperty("d"u8, out _) || !IsForVerifying(key) || !TryGetOptional(key, "kid", out string? id))
        {
            return null;
        }

        return Text(key, "kty") switch
        {
            "RSA" when IsFor(key, "RS256") && Bytes(key, "n") is { } modulus && Bytes(key, "e") is { } exponent =>
                RsaJwtKey.Create(id, new RSAParameters { Modulus = modulus, Exponent = exponent }).Key,
            "EC" when IsFor(key, "ES256") && Text(key, "crv") == "P-256" && Bytes(key, "x") is { } x && Bytes(key, "y") is { } y =>
                EcdsaJwtKey.Create(id, new ECParameters { Curve = ECCurve.NamedCurves.nistP256, Q = new ECPoint { X = x, Y = y } }).Key,
            _ => null,
        };
    }

    private static bool IsFor(JsonElement key, string algorithm) => TryGetOptional(key, "alg", out string? alg) && (alg is null || alg == algorithm);

    private static bool IsForVerifying(JsonElement key)
    {
        if (!TryGetOptional(key, "use", out string? use) || use is not (null or "sig"))
        {
            return false;
        }

        return !key.TryGetProperty("key_ops"u8, out JsonElement operations)
            || (operations.ValueKind == JsonValueKind.Array && operations.EnumerateArray().Any(static operation => operation.TryGetText(out string? name) && name == "verify"));
    }

    private static bool TryGetOptional(JsonElement key, string name, out string? text)
    {
        text = null;
        return !key.TryGetProperty(name, out JsonElement member) || member.TryGetText(out text);
    }

    private static string? Text(JsonElement key, string name) => TryGetOptional(key, name, out string? text) ? text : null;

    private static byte[]? Bytes(JsonElement key, string name) => Text(key, name) is { } text && Base64UrlText.TryDecode(text, out byte[]? bytes) ? bytes : null;
}
