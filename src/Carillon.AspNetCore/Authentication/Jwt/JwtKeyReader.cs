using System.Security.Cryptography;
using System.Text;
using Carillon.Topics;

namespace Carillon.AspNetCore.Authentication.Jwt;

/// <summary>Makes keys of their settings. Its sentences never repeat a secret.</summary>
internal static class JwtKeyReader
{
    private const int MaxPemLength = 16 * 1024;

    /// <summary>The key, or the sentence that says what is wrong with it.</summary>
    public static (JwtKey? Key, string? Problem) Read(JwtKeySettings settings, string place)
    {
        (string Name, string? Value)[] given =
        [
            .. new[]
            {
                (nameof(settings.Secret), settings.Secret),
                (nameof(settings.SecretBase64), settings.SecretBase64),
                (nameof(settings.PublicKey), settings.PublicKey),
                (nameof(settings.PublicKeyFile), settings.PublicKeyFile),
            }.Where(static source => source.Item2 is not null),
        ];
        if (settings.Algorithm is not { } algorithm || !Enum.IsDefined(algorithm))
        {
            return (null, $"{place}:Algorithm must be HS256, RS256 or ES256");
        }

        if (settings.KeyId is { } id && Identifier.Check(id, "KeyId") is { } wrongId)
        {
            return (null, $"{place}:KeyId is no name of a key: {wrongId.Message}");
        }

        if (given is not [var (name, value)])
        {
            return (null, $"{place} must have exactly one of Secret, SecretBase64, PublicKey and PublicKeyFile");
        }

        bool isSecret = name is nameof(settings.Secret) or nameof(settings.SecretBase64);
        if (isSecret != (algorithm == JwtAlgorithm.HS256))
        {
            return (null, $"{place}:{name} does not go with {algorithm}, which needs {(isSecret ? "PublicKey or PublicKeyFile" : "Secret or SecretBase64")}");
        }

        (JwtKey? key, string? problem) = name switch
        {
            nameof(settings.Secret) => FromSecret(settings.KeyId, Encoding.UTF8.GetBytes(value!)),
            nameof(settings.SecretBase64) => FromBase64(settings.KeyId, value!),
            nameof(settings.PublicKeyFile) => FromFile(algorithm, settings.KeyId, value!),
            _ => FromPem(algorithm, settings.KeyId, value!),
        };
        return (key, problem is null ? null : $"{place}:{name} {problem}");
    }

    private static (JwtKey? Key, string? Problem) FromBase64(string? id, string text)
    {
        string canonical = text.TrimEnd('=').Replace('+', '-').Replace('/', '_');
        return Base64UrlText.TryDecode(canonical, out byte[]? secret) ? FromSecret(id, secret) : (null, "must be base64 or base64url");
    }

    private static (JwtKey? Key, string? Problem) FromSecret(string? id, byte[] secret)
    {
        if (secret.Length < HmacJwtKey.MinSecretBytes)
        {
            return (null, $"must have at least {HmacJwtKey.MinSecretBytes} bytes, but has {secret.Length}");
        }

        // A public key is known to everybody: as a secret it would let everybody sign.
        return secret.AsSpan().IndexOf("-----BEGIN"u8) >= 0
            ? (null, "must be a secret, but is a key in PEM form")
            : (new HmacJwtKey(id, secret), null);
    }

    private static (JwtKey? Key, string? Problem) FromFile(JwtAlgorithm algorithm, string? id, string path)
    {
        try
        {
            return new FileInfo(path) is { Exists: true, Length: > MaxPemLength }
                ? (null, $"must name a file of at most {MaxPemLength} bytes")
                : FromPem(algorithm, id, File.ReadAllText(path));
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            return (null, $"cannot be read: {unreadable.Message}");
        }
    }

    private static (JwtKey? Key, string? Problem) FromPem(JwtAlgorithm algorithm, string? id, string pem)
    {
        if (pem.Contains("PRIVATE KEY", StringComparison.Ordinal))
        {
            return (null, "must be a public key, but is a private one");
        }

        try
        {
            if (algorithm == JwtAlgorithm.RS256)
            {
                using RSA rsa = RSA.Create();
                rsa.ImportFromPem(pem);
                return RsaJwtKey.Create(id, rsa.ExportParameters(includePrivateParameters: false));
            }

            using ECDsa ecdsa = ECDsa.Create();
            ecdsa.ImportFromPem(pem);
            return EcdsaJwtKey.Create(id, ecdsa.ExportParameters(includePrivateParameters: false));
        }
        catch (Exception malformed) when (malformed is ArgumentException or CryptographicException)
        {
            string kind = algorithm == JwtAlgorithm.RS256 ? "an RSA" : "a P-256";
            return (null, $"must be {kind} public key in PEM form (-----BEGIN PUBLIC KEY-----)");
        }
    }
}
