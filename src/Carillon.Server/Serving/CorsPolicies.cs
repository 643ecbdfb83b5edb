using Carillon.Connections.Origins;
using Carillon.Server.Composing;
using Microsoft.AspNetCore.Cors.Infrastructure;

namespace Carillon.Server.Serving;

/// <summary>Which pages may use the HTTP API from a browser: those whose origins a hub allows.</summary>
internal static class CorsPolicies
{
    public static void Add(IServiceCollection services, IReadOnlyList<HubPlan> hubs) => services.AddCors(cors =>
    {
        foreach (HubPlan hub in hubs)
        {
            if (hub.Name is { } name)
            {
                cors.AddPolicy(NameOf(name), policy => Allow(policy, hub.Settings.AllowedOrigins));
            }
            else
            {
                cors.AddDefaultPolicy(policy => Allow(policy, hub.Settings.AllowedOrigins));
            }
        }
    });

    /// <summary>The policy of a named hub.</summary>
    public static string NameOf(string hub) => $"hub:{hub}";

    private static void Allow(CorsPolicyBuilder policy, IReadOnlyList<string> origins)
    {
        policy.AllowAnyMethod().AllowAnyHeader().WithExposedHeaders("Link");
        _ = origins.Contains("*") ? policy.AllowAnyOrigin() : policy.SetIsOriginAllowed(new OriginAllowList(origins).Lists);
    }
}
