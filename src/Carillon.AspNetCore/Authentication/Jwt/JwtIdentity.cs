using System.Security.Claims;
using System.Text.Json;
using Carillon.Access;
using Carillon.Topics;

namespace Carillon.AspNetCore.Authentication.Jwt;

/// <summary>Makes an identity of the claims of a valid token (docs/guides/authentication.md, "What a token gives").</summary>
internal static class JwtIdentity
{
    private const string NotText = "The token holds text that is not Unicode";

    /// <summary>Decided here and by nothing that a token calls so itself.</summary>
    private static readonly string[] Own = [ClaimTypes.Name, ClaimTypes.NameIdentifier, ClaimTypes.Role];

    /// <summary>The identity; null with a sentence when the claims do not make one.</summary>
    public static ClaimsIdentity? Create(JsonElement claims, string nameClaim, out string? problem)
    {
        var identity = new ClaimsIdentity(TokenTypes.Jwt, ClaimTypes.Name, ClaimTypes.Role);
        problem = AddName(identity, claims, nameClaim) ?? AddRoles(identity, claims) ?? AddOthers(identity, claims);
        return problem is null ? identity : null;
    }

    private static string? AddName(ClaimsIdentity identity, JsonElement claims, string nameClaim)
    {
        if (!claims.TryGetProperty(nameClaim, out JsonElement value) || !value.TryGetText(out string? name) || Identifier.Check(name, nameClaim) is not null)
        {
            return $"The token must name its user: claim '{nameClaim}' must be 1 to {Identifier.MaxBytes} bytes of text without control characters";
        }

        identity.AddClaim(new Claim(ClaimTypes.Name, name));
        string? subject = name;
        if (claims.TryGetProperty("sub"u8, out JsonElement sub) && !sub.TryGetText(out subject))
        {
            return "The token's subject ('sub') must be text";
        }

        identity.AddClaim(new Claim(ClaimTypes.NameIdentifier, subject));
        return null;
    }

    private static string? AddRoles(ClaimsIdentity identity, JsonElement claims)
    {
        foreach (string claim in new[] { "roles", "role", "scope" })
        {
            if (!claims.TryGetProperty(claim, out JsonElement value))
            {
                continue;
            }

            foreach (JsonElement one in value.ValueKind == JsonValueKind.Array ? [.. value.EnumerateArray()] : new[] { value })
            {
                if (!one.TryGetText(out string? text))
                {
                    return $"The token's claim '{claim}' must be text or a list of texts";
                }

                // RFC 8693 §4.2: scopes are divided by spaces; a role may hold one.
                foreach (string role in claim == "scope" ? text.Split(' ', StringSplitOptions.RemoveEmptyEntries) : [text])
                {
                    identity.AddClaim(new Claim(ClaimTypes.Role, role));
                }
            }
        }

        return null;
    }

    private static string? AddOthers(ClaimsIdentity identity, JsonElement claims)
    {
        foreach (JsonProperty claim in claims.EnumerateObject())
        {
            if (Own.Contains(claim.Name, StringComparer.Ordinal))
            {
                continue;
            }

            foreach (JsonElement one in claim.Value.ValueKind == JsonValueKind.Array ? [.. claim.Value.EnumerateArray()] : new[] { claim.Value })
            {
                if (one.ValueKind == JsonValueKind.Null)
                {
                    continue;
                }

                string? text = one.GetRawText();
                if (one.ValueKind == JsonValueKind.String && !one.TryGetText(out text))
                {
                    return NotText;
                }

                identity.AddClaim(new Claim(claim.Name, text, ValueType(one.ValueKind)));
            }
        }

        return null;
    }

    private static string ValueType(JsonValueKind kind) => kind switch
    {
        JsonValueKind.True or JsonValueKind.False => ClaimValueTypes.Boolean,
        JsonValueKind.Number => ClaimValueTypes.Double,
        JsonValueKind.Object or JsonValueKind.Array => "JSON",
        _ => ClaimValueTypes.String,
    };
}
