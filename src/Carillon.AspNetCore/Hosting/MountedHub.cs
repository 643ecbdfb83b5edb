using Carillon.Hubs;

namespace Carillon.AspNetCore.Hosting;

/// <summary>A hub of the application, with what is to be checked before it is opened.</summary>
/// <param name="Hub">The hub.</param>
/// <param name="Policies">The authorization policies that it was composed with.</param>
internal sealed record MountedHub(Hub Hub, IReadOnlyList<PolicyAccess> Policies)
{
    /// <summary>Its name in words.</summary>
    public string Name => Hub.Options.Name ?? "the only one";
}
