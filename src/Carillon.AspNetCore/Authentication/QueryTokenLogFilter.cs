using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Carillon.AspNetCore.Authentication;

/// <summary>
/// Where tokens may stand in the query, ASP.NET Core's lines "Request starting" and "Request finished" would keep them: they hold the whole query and know no way to mask it.
/// So they are switched off there, whatever the application's levels say.
/// </summary>
internal sealed class QueryTokenLogFilter(IOptionsMonitor<TokenAuthenticationOptions> schemes) : IPostConfigureOptions<LoggerFilterOptions>
{
    private const string Category = "Microsoft.AspNetCore.Hosting.Diagnostics";

    public void PostConfigure(string? name, LoggerFilterOptions options)
    {
        if (!schemes.Get(TokenSchemes.ApiKeys).AllowQueryToken && !schemes.Get(TokenSchemes.Jwt).AllowQueryToken)
        {
            return;
        }

        // A rule for one provider goes before one for all, so each provider that has rules gets its own; of equals the last wins.
        foreach (string? provider in options.Rules.Select(static rule => rule.ProviderName).Append(null).Distinct(StringComparer.Ordinal).ToArray())
        {
            options.Rules.Add(new LoggerFilterRule(provider, Category, LogLevel.Warning, filter: null));
        }
    }
}
