using Carillon.Access;

namespace Carillon.AspNetCore.Authentication.ApiKeys;

/// <summary>Verifies API keys against a ring.</summary>
/// <remarks>Thread-safe.</remarks>
public sealed class ApiKeyVerifier(ApiKeyRing ring) : ITokenVerifier
{
    /// <summary>Most characters of a secret; a longer one is refused without being looked at.</summary>
    public const int MaxLength = 512;

    /// <inheritdoc/>
    public string Type => TokenTypes.ApiKey;

    /// <inheritdoc/>
    public ValueTask<TokenResult> VerifyAsync(string token, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(token);
        return new ValueTask<TokenResult>(Verify(token));
    }

    private TokenResult Verify(string token)
    {
        if (token.Length == 0)
        {
            return TokenResult.Refused("The API key is empty");
        }

        if (token.Length > MaxLength)
        {
            return TokenResult.Refused($"The API key is longer than {MaxLength} characters");
        }

        return ring.Find(token) is { } key
            ? TokenResult.Verified(key.ToToken())
            : TokenResult.Refused("The API key is not known, or was revoked");
    }
}
