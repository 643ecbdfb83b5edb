using Carillon.Interop.Tests.Clients;

namespace Carillon.Interop.Tests.SocketIO;

/// <summary>The library in an application that was published trimmed, with serialization by source generation only: <c>node/scenarios/trimmed.mjs</c>.</summary>
public sealed class TrimmedTests(TrimmedApplication application, OfficialClients clients) : IClassFixture<TrimmedApplication>
{
    [Theory]
    [InlineData(ClientKind.NodeUpgrading)]
    [InlineData(ClientKind.NodeWebSocket)]
    [InlineData(ClientKind.NodePolling)]
    public async Task Typed_handlers_acknowledgements_and_binary_data_work_trimmed(ClientKind kind)
    {
        bool isHeld = (await clients.RunAsync(kind, "trimmed/shop", application.Address)).GetBoolean();

        // The request of a poll may be over before its handler runs, or not: that tells nothing.
        (isHeld || kind == ClientKind.NodePolling).ShouldBeTrue();
    }

    [Fact]
    public async Task Refusals_with_data_and_families_of_namespaces_work_trimmed() =>
        await clients.RunAsync(ClientKind.NodeWebSocket, "trimmed/doors", application.Address);

    [Fact]
    public async Task Settings_are_read_from_configuration_trimmed() =>
        (await clients.RunAsync(ClientKind.NodeWebSocket, "trimmed/settings", application.Address)).GetInt32().ShouldBe(9000);
}
