using Carillon.Interop.Tests.Clients;
using Carillon.Interop.Tests.Http;
using Carillon.Interop.Tests.Servers;
using Carillon.Interop.Tests.SocketIO;

namespace Carillon.Interop.Tests.Channels;

/// <summary>The channel socket sample, started as its users start it, with clients of all kinds at once.</summary>
public sealed class ChannelSocketSampleTests(OfficialClients clients)
{
    [Fact]
    public async Task Two_tabs_of_a_browser_see_each_other_come_and_go()
    {
        await using SampleProcess sample = SampleProcess.StartServer("ChannelSocket");

        await clients.RunAsync(ClientKind.NodeWebSocket, "channel/twoTabs", await sample.AddressAsync());
    }

    [Fact]
    public async Task Python_clients_see_each_other_come_and_go()
    {
        await using SampleProcess sample = SampleProcess.StartServer("ChannelSocket");

        await clients.RunAsync(ClientKind.PythonWebSocket, "channel/counter", await sample.AddressAsync());
    }

    [Fact]
    public async Task Console_client_prints_each_object()
    {
        await using SampleProcess sample = SampleProcess.StartServer("ChannelSocket");
        var address = new UriBuilder(await sample.AddressAsync()) { Scheme = "ws", Path = "/ws/online/console" }.Uri;
        await using SampleProcess first = SampleProcess.Start("ChannelSocket.Client", address.ToString());
        (await OnlineAsync(first)).ShouldBe(1);

        await using (SampleProcess second = SampleProcess.Start("ChannelSocket.Client", address.ToString()))
        {
            (await OnlineAsync(second)).ShouldBe(2);
            (await OnlineAsync(first)).ShouldBe(2);
        }

        (await OnlineAsync(first)).ShouldBe(1);
    }

    [Fact]
    public void Server_of_the_sample_is_at_most_fifty_lines() =>
        Directory.EnumerateFiles(Path.Combine(Repository.Root, "samples", "ChannelSocket"), "*.cs").Sum(static file => File.ReadLines(file).Count()).ShouldBeLessThanOrEqualTo(50);

    private static async Task<int> OnlineAsync(SampleProcess client) => WireJson.Parse(await client.ReadLineAsync()).GetProperty("online").GetInt32();
}
