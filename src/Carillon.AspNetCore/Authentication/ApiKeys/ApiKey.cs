using System.Collections.Immutable;
using System.Security.Claims;
using System.Security.Cryptography;
using System.Text;
using Carillon.Access;

namespace Carillon.AspNetCore.Authentication.ApiKeys;

/// <summary>A named secret of an application, known by its hash. Secrets are long and random, so a plain hash cannot be turned back and needs no salt.</summary>
/// <remarks>Thread-safe; only its revocation ever changes.</remarks>
public sealed class ApiKey : ITokenStatus
{
    internal const int HashLength = SHA256.HashSizeInBytes;

    private readonly byte[] _hash;
    private volatile bool _revoked;

    internal ApiKey(string name, byte[] hash, IReadOnlyList<string> roles)
    {
        Name = name;
        _hash = hash;
        Roles = [.. roles.Distinct(StringComparer.Ordinal)];
    }

    /// <summary>The key's name, which is the name of the identity that it gives.</summary>
    public string Name { get; }

    /// <summary>The roles that it gives, each once.</summary>
    public ImmutableArray<string> Roles { get; }

    /// <inheritdoc/>
    public bool IsRevoked => _revoked;

    /// <summary>The hash as text, to find two keys with the same one.</summary>
    internal string HashText => Convert.ToHexString(_hash);

    /// <summary>The hash by which a secret is known.</summary>
    internal static byte[] HashOf(string secret) => SHA256.HashData(Encoding.UTF8.GetBytes(secret));

    internal static bool IsHashOfNothing(ReadOnlySpan<byte> hash) => hash.SequenceEqual(SHA256.HashData([])) || hash.IndexOfAnyExcept((byte)0) < 0;

    /// <summary>Whether this is the hash of its secret, in a time that tells nothing of where they differ.</summary>
    internal bool HasHash(ReadOnlySpan<byte> hash) => CryptographicOperations.FixedTimeEquals(_hash, hash);

    internal bool HasHashOf(ApiKey other) => HasHash(other._hash);

    /// <summary>Whether a token that this key gave is as good as one that the other would give.</summary>
    internal bool IsSameAs(ApiKey other) => Name == other.Name
        && HasHashOf(other)
        && Roles.Order(StringComparer.Ordinal).SequenceEqual(other.Roles.Order(StringComparer.Ordinal), StringComparer.Ordinal);

    internal void Revoke() => _revoked = true;

    internal VerifiedToken ToToken()
    {
        var identity = new ClaimsIdentity(TokenTypes.ApiKey, ClaimTypes.Name, ClaimTypes.Role);
        identity.AddClaim(new Claim(ClaimTypes.NameIdentifier, Name));
        identity.AddClaim(new Claim(ClaimTypes.Name, Name));
        foreach (string role in Roles)
        {
            identity.AddClaim(new Claim(ClaimTypes.Role, role));
        }

        return new VerifiedToken(new ClaimsPrincipal(identity), ExpiresAt: null, Status: this);
    }
}
