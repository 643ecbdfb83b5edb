namespace Carillon.Connections.Upgrades;

/// <summary>The application behind the server, whatever its context's type.</summary>
internal interface IUpgradeApplication
{
    /// <summary>Lets the application answer one upgrade request. Does not throw for a fault of the application.</summary>
    Task RunAsync(UpgradeExchange exchange);
}
