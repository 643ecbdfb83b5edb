using Carillon.AspNetCore;
using Carillon.AspNetCore.Authentication.ApiKeys;
using Carillon.AspNetCore.Authentication.Jwt;
using Carillon.Hubs;
using Carillon.Server.Composing;
using Carillon.Server.Reloading;
using Carillon.Server.Settings.Reading;

namespace Carillon.Server.Serving;

/// <summary>Keeps a server's topics and tokens as its settings' files say.</summary>
internal static class Reloads
{
    public static void Add(IServiceCollection services, SettingsSource source, ServerPlan plan, string fingerprint)
    {
        if (plan.Settings.ReloadInterval == TimeSpan.Zero)
        {
            return;
        }

        services.AddHostedService(provider => new SettingsWatch(
            source,
            new LiveSettings(plan, name => HubOf(provider, name), TokensOf(provider), provider.GetRequiredService<ILogger<LiveSettings>>()),
            fingerprint,
            plan.Settings.ReloadInterval,
            provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<ILogger<SettingsWatch>>()));
    }

    private static Hub HubOf(IServiceProvider services, string? name) =>
        name is null ? services.GetRequiredService<Hub>() : services.GetRequiredService<HubDirectory>()[name];

    private static LiveTokens? TokensOf(IServiceProvider services) =>
        services.GetService<ApiKeyRing>() is { } keys && services.GetService<JwtVerifier>() is { } jwt ? new LiveTokens(keys, jwt) : null;
}
