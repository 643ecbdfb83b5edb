namespace Carillon.Connections.Upgrades;

/// <summary>The mark of an endpoint that accepts WebSockets.</summary>
internal sealed class UpgradeMetadata
{
    public static UpgradeMetadata Instance { get; } = new();
}
