using System.Buffers.Text;
using Carillon.Topics;

namespace Carillon.AspNetCore.Authentication.ApiKeys;

/// <summary>An API key as configuration holds it: without its secret.</summary>
public sealed record ApiKeySettings
{
    private const int MaxRoles = 64;

    /// <summary>Names the application that has the key; 1 to 255 bytes of UTF-8 without control characters. It is the identity that the key gives.</summary>
    public string Name { get; init; } = string.Empty;

    /// <summary>The SHA-256 hash of the secret's UTF-8 bytes: 64 hexadecimal digits, or base64 with its padding (44 characters).</summary>
    public string Hash { get; init; } = string.Empty;

    /// <summary>What the application may be asked for by <c>IsInRole</c>; none by default, at most 64.</summary>
    public IReadOnlyList<string> Roles { get; init; } = [];

    /// <summary>What is wrong with these settings, one sentence for each fault; empty when nothing is. The hash is never repeated: it might be a secret put there by mistake.</summary>
    /// <param name="place">Where the settings stand, such as <c>Carillon:ApiKeys:0</c>; each sentence begins with it.</param>
    public IEnumerable<string> Check(string place)
    {
        if (Identifier.Check(Name, nameof(Name)) is { } wrongName)
        {
            yield return $"{place}:Name is no name of a key: {wrongName.Message}";
        }

        byte[] hash = new byte[ApiKey.HashLength];
        if (!TryReadHash(hash))
        {
            yield return $"{place}:Hash must be the SHA-256 hash of the secret, as 64 hexadecimal digits or 44 characters of base64";
        }
        else if (ApiKey.IsHashOfNothing(hash))
        {
            yield return $"{place}:Hash is the hash of an empty secret";
        }

        if (Roles.Count > MaxRoles)
        {
            yield return $"{place}:Roles must hold at most {MaxRoles} roles, but holds {Roles.Count}";
        }

        for (int i = 0; i < Roles.Count; i++)
        {
            if (Identifier.Check(Roles[i], "Roles") is { } wrongRole)
            {
                yield return $"{place}:Roles:{i} is no role: {wrongRole.Message}";
            }
        }
    }

    /// <summary>The key that these settings describe. They must have passed <see cref="Check"/>.</summary>
    internal ApiKey ToKey()
    {
        byte[] hash = new byte[ApiKey.HashLength];
        return TryReadHash(hash) ? new ApiKey(Name, hash, Roles) : throw new InvalidOperationException("Settings with a fault were used.");
    }

    private bool TryReadHash(Span<byte> hash) => Hash.Length == 2 * ApiKey.HashLength
        ? Convert.FromHexString(Hash, hash, out _, out int read) == System.Buffers.OperationStatus.Done && read == ApiKey.HashLength
        : Hash.Length == Base64.GetMaxEncodedToUtf8Length(ApiKey.HashLength) && Convert.TryFromBase64String(Hash, hash, out int length) && length == ApiKey.HashLength;
}
