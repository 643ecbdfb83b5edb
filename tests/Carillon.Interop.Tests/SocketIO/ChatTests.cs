using Carillon.Interop.Tests.Clients;
using Carillon.Interop.Tests.Servers;

namespace Carillon.Interop.Tests.SocketIO;

/// <summary>The chat sample, started as its users start it, in a real browser: <c>node/scenarios/chat.mjs</c>.</summary>
public sealed class ChatTests(OfficialClients clients)
{
    [Fact]
    public async Task Two_tabs_see_each_others_messages_as_text_and_images_and_hear_who_types()
    {
        await using SampleProcess sample = SampleProcess.StartServer("SocketIO.Chat");

        (await clients.RunAsync(ClientKind.NodeUpgrading, "chat/twoTabs", await sample.AddressAsync())).GetInt32().ShouldBe(3);
    }
}
