using Carillon.AspNetCore.Authentication.ApiKeys;
using Carillon.AspNetCore.Authentication.Jwt;

namespace Carillon.Server.Settings.Tokens;

/// <summary>By what tokens requests say who sends them.</summary>
public sealed class TokenSettings
{
    /// <summary>Applications and the hashes of their secrets. Default: none.</summary>
    public IReadOnlyList<ApiKeySettings> ApiKeys { get; init; } = [];

    /// <summary>Which JSON Web Tokens are accepted. Default: none.</summary>
    public JwtOptions? Jwt { get; init; }

    /// <summary>Whether a token may stand in the query as <c>access_token</c>. Default: no.</summary>
    public bool AllowQueryToken { get; init; }

    /// <summary>Whether an API key may stand in the header <c>X-Api-Key</c>. Default: no.</summary>
    public bool AllowKeyHeader { get; init; }

    internal IEnumerable<string> Check(string key) => ApiKeyRing.Check(ApiKeys, $"{key}:ApiKeys").Concat(Jwt?.Check($"{key}:Jwt") ?? []);
}
