using Carillon.Access;
using Carillon.Hubs;

namespace Carillon.Server.Settings.Hubs;

/// <summary>One of several hubs: <c>Hubs:name</c>.</summary>
public sealed class MountedHubSettings : HubSettings
{
    /// <summary>The defaults: only topics of the settings exist, and nobody monitors.</summary>
    public MountedHubSettings() => UnknownTopics = UnknownTopics.Closed;

    /// <summary>What its routes begin with; <c>/</c> for nothing. Default: a slash and the hub's name.</summary>
    public string? Path { get; init; }

    /// <summary>Where its protocols are, below the path.</summary>
    public RouteSettings Routes { get; init; } = new();

    private protected override TopicAccess? DefaultMonitors => TopicAccess.Nobody;

    internal string PathOf(string name) => Path ?? $"/{name}";
}
