using Carillon.Hubs;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;

namespace Carillon.AspNetCore;

/// <summary>A hub on its routes. Conventions, such as <c>RequireAuthorization()</c> or <c>RequireCors()</c>, hold for all its endpoints.</summary>
public sealed class HubMount : IEndpointConventionBuilder
{
    private readonly IEndpointConventionBuilder _group;

    internal HubMount(Hub hub, RouteGroupBuilder group)
    {
        Hub = hub;
        _group = group;
    }

    /// <summary>The hub, to add and remove topics while it runs, and to publish from the application.</summary>
    public Hub Hub { get; }

    /// <inheritdoc/>
    public void Add(Action<EndpointBuilder> convention) => _group.Add(convention);

    /// <inheritdoc/>
    public void Finally(Action<EndpointBuilder> finallyConvention) => _group.Finally(finallyConvention);
}
