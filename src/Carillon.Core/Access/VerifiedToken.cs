using System.Security.Claims;

namespace Carillon.Access;

/// <summary>A token that was found genuine. It holds what the token gives, not the token itself.</summary>
/// <param name="Principal">Whom it identifies; its identity's authentication type is the token's type.</param>
/// <param name="ExpiresAt">From when on it is no longer valid, any tolerance of the verifier included; null for a token without an end.</param>
/// <param name="Status">Tells whether it has been revoked; null for a token that cannot be.</param>
/// <remarks>Immutable, thread-safe, if nobody adds to the principal.</remarks>
public sealed record VerifiedToken(ClaimsPrincipal Principal, DateTimeOffset? ExpiresAt = null, ITokenStatus? Status = null)
{
    /// <summary>Whether the token still gives what it gave: it has neither expired at <paramref name="now"/> nor been revoked. A status that fails says nothing in its favour.</summary>
    public bool IsValidAt(DateTimeOffset now) => (ExpiresAt is not { } end || now < end) && !IsRevoked(out _);

    internal bool IsRevoked(out Exception? fault)
    {
        fault = null;
        try
        {
            return Status is { IsRevoked: true };
        }
        catch (Exception thrown) when (thrown is not OutOfMemoryException)
        {
            fault = thrown;
            return true;
        }
    }
}
