using Carillon.Access;
using Carillon.AspNetCore.Hosting;

namespace Carillon.AspNetCore;

/// <summary>Authorization policies of ASP.NET Core for topics.</summary>
public static class TopicPolicies
{
    /// <summary>
    /// Those whom the authorization policy <paramref name="policy"/> lets in, with the <see cref="AccessRequest"/> as its resource; for topics that are added while the hub runs. One that does
    /// not exist, or fails, refuses everyone. In the composition of a hub, <see cref="HubComposition.Policy"/> also checks at start that it exists.
    /// </summary>
    /// <param name="services">The application's services, not those of a request.</param>
    /// <param name="policy">The policy's name.</param>
    public static TopicAccess GetTopicPolicy(this IServiceProvider services, string policy)
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentException.ThrowIfNullOrEmpty(policy);
        return new PolicyAccess(policy, services);
    }
}
