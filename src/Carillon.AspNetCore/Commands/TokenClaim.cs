namespace Carillon.AspNetCore.Commands;

/// <summary>A token that a client sent within a message, not verified yet.</summary>
/// <param name="Type">What it calls the token's type; null if nothing.</param>
/// <param name="Token">The token.</param>
internal sealed record TokenClaim(string? Type, string Token);
