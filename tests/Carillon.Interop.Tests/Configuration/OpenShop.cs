namespace Carillon.Interop.Tests.Configuration;

/// <summary>One server for scenarios that leave its file alone.</summary>
public sealed class OpenShop : IAsyncLifetime
{
    internal Shop Shop { get; private set; } = null!;

    public async ValueTask InitializeAsync() => Shop = await Shop.StartAsync();

    public ValueTask DisposeAsync() => Shop.DisposeAsync();
}
