using System.Text.Json;

namespace Carillon.AspNetCore.Authentication.Jwt;

/// <summary>
/// The times of a token (RFC 7519 §4.1.4–4.1.6): whole seconds since 1970. Fractions are allowed there, but nobody issues them, and what rounds them differs.
/// </summary>
internal static class JwtTimes
{
    /// <summary>The year 9999, less what a tolerance can add.</summary>
    private const long MaxSeconds = 253_402_300_799 - 600;

    /// <summary>What is wrong with a token's times now, as a sentence; else from when on it is expired, the tolerance included.</summary>
    public static string? Check(JsonElement claims, TimeSpan skew, DateTimeOffset now, out DateTimeOffset end)
    {
        end = default;
        if (!TryRead(claims, "exp", out DateTimeOffset? expires)
            || !TryRead(claims, "nbf", out DateTimeOffset? notBefore)
            || !TryRead(claims, "iat", out DateTimeOffset? issued))
        {
            return "The token's times ('exp', 'nbf', 'iat') must be whole seconds since 1970";
        }

        if (expires is null)
        {
            return "The token has no end ('exp')";
        }

        end = expires.Value + skew;
        if (now >= end)
        {
            return "The token has expired";
        }

        if (notBefore - skew > now)
        {
            return "The token is not valid yet";
        }

        return issued - skew > now ? "The token was issued in the future" : null;
    }

    private static bool TryRead(JsonElement claims, string name, out DateTimeOffset? time)
    {
        time = null;
        if (!claims.TryGetProperty(name, out JsonElement value))
        {
            return true;
        }

        if (value.ValueKind != JsonValueKind.Number || !value.TryGetInt64(out long seconds) || seconds is < 0 or > MaxSeconds)
        {
            return false;
        }

        time = DateTimeOffset.FromUnixTimeSeconds(seconds);
        return true;
    }
}
