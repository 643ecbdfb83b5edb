using System.Security.Cryptography;
using Carillon.AspNetCore.Authentication.ApiKeys;
using Carillon.AspNetCore.Authentication.Jwt;
using Carillon.Server.Settings;
using Carillon.Server.Settings.Tokens;

namespace Carillon.Server.Reloading;

/// <summary>The tokens in force. Both kinds are known from the start, so that a reload can bring the one that is missing.</summary>
internal sealed class LiveTokens(ApiKeyRing keys, JwtVerifier jwt)
{
    private const string Key = $"{ServerSettings.Section}:{nameof(ServerSettings.Tokens)}";

    /// <summary>The options, or where there are none, those that no token meets: a key that nobody knows.</summary>
    public static JwtOptions JwtOf(TokenSettings? tokens) => tokens?.Jwt ?? new JwtOptions
    {
        Keys = [new JwtKeySettings { Algorithm = JwtAlgorithm.HS256, SecretBase64 = Convert.ToBase64String(RandomNumberGenerator.GetBytes(32)) }],
    };

    /// <summary>What is wrong with tokens; empty when nothing is.</summary>
    public static IReadOnlyList<string> Check(TokenSettings? tokens) =>
        [.. ApiKeyRing.Check(tokens?.ApiKeys ?? [], $"{Key}:ApiKeys"), .. JwtVerifier.Check(JwtOf(tokens), $"{Key}:Jwt")];

    /// <summary>Puts other tokens in the place of all; what a token gave that is gone is taken back by the heartbeat.</summary>
    /// <returns>What is wrong with them; then nothing has changed.</returns>
    public IReadOnlyList<string> Replace(TokenSettings? tokens)
    {
        IReadOnlyList<ApiKeySettings> next = tokens?.ApiKeys ?? [];
        if (ApiKeyRing.Check(next, $"{Key}:ApiKeys") is { Count: > 0 } wrongKeys)
        {
            return wrongKeys;
        }

        // First the one that reads files, which may have changed since they were checked.
        return jwt.Replace(JwtOf(tokens), $"{Key}:Jwt") is { Count: > 0 } wrongOptions ? wrongOptions : keys.Replace(next, $"{Key}:ApiKeys");
    }
}
