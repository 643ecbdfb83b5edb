using System.Text.Json;
using Carillon.Access;

namespace Carillon.AspNetCore.Authentication.Jwt;

/// <summary>Decides whether the claims of a token with a genuine signature make it valid here and now.</summary>
internal static class JwtClaims
{
    public static TokenResult Read(byte[] utf8, JwtRules rules, JwtKey key, DateTimeOffset now)
    {
        using JsonDocument? document = StrictJson.TryParseObject(utf8);
        if (document is null)
        {
            return TokenResult.Refused("The token's claims must be a JSON object without repeated keys");
        }

        JsonElement claims = document.RootElement;
        string? problem = JwtTimes.Check(claims, rules.Options.ClockSkew, now, out DateTimeOffset end)
            ?? CheckIssuer(claims, rules)
            ?? CheckAudience(claims, rules);
        if (problem is not null)
        {
            return TokenResult.Refused(problem);
        }

        var identity = JwtIdentity.Create(claims, rules.Options.NameClaim, out problem);
        return identity is null
            ? TokenResult.Refused(problem!)
            : TokenResult.Verified(new VerifiedToken(new(identity), end, key));
    }

    private static string? CheckIssuer(JsonElement claims, JwtRules rules)
    {
        if (rules.Options.Issuer is not { } expected)
        {
            return null;
        }

        return claims.TryGetProperty("iss"u8, out JsonElement issuer) && issuer.TryGetText(out string? name) && name == expected
            ? null
            : "The token's issuer ('iss') is not the one that is accepted here";
    }

    private static string? CheckAudience(JsonElement claims, JwtRules rules)
    {
        // RFC 7519 §4.1.3: who is not named by an audience that is there must reject the token; so must one who has no name.
        if (!claims.TryGetProperty("aud"u8, out JsonElement audience))
        {
            return rules.Audiences.Count == 0 ? null : "The token has no audience ('aud')";
        }

        bool isForUs = audience.ValueKind == JsonValueKind.Array
            ? audience.EnumerateArray().Any(IsOurs)
            : IsOurs(audience);
        return isForUs ? null : "The token is for another audience ('aud')";

        bool IsOurs(JsonElement one) => one.TryGetText(out string? name) && rules.Audiences.Contains(name);
    }
}
