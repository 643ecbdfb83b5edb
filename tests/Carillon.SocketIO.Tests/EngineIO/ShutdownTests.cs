using System.Globalization;
using System.Net;
using System.Text;
using Shouldly;
using Xunit;

namespace Carillon.SocketIO.Tests.EngineIO;

public class ShutdownTests : HostedTests
{
    [Fact]
    public async Task Shutdown_flushes_and_tells_websockets_1001_and_polls_503()
    {
        await using TestApplication application = await StartAsync(Apps.Echo);
        using var polling = new EngineClient(application.Address);
        await polling.OpenPollingAsync();
        Task<(HttpStatusCode Status, string Body)> poll = polling.PollAsync();
        using var client = new EngineClient(application.Address);
        using EngineWebSocket socket = await client.JoinAsync();
        Socket server = application.Server.Of("/").Sockets.Single();
        for (int i = 0; i < 300; i++)
        {
            server.TrySend(SocketIOFrame.Event("/", "n", Encoding.UTF8.GetBytes(i.ToString(CultureInfo.InvariantCulture)))).ShouldBeTrue();
        }

        Task closing = application.Server.CloseAsync().AsTask();

        for (int i = 0; i < 300; i++)
        {
            (await socket.ReadAsync()).ShouldBe($"42[\"n\",{i}]");
        }

        (await socket.ReadCloseAsync()).ShouldBe((1001, "server is shutting down"));
        (HttpStatusCode status, string body) = await poll;
        status.ShouldBe(HttpStatusCode.ServiceUnavailable);
        body.ShouldBe("""{"message":"Server is shutting down"}""");
        await socket.Socket.CloseOutputAsync(System.Net.WebSockets.WebSocketCloseStatus.EndpointUnavailable, null, default);
        await closing.WaitAsync(TimeSpan.FromSeconds(30));
        application.Server.ConnectionCount.ShouldBe(0);
        using HttpResponseMessage late = await application.Client.GetAsync("/socket.io/?EIO=4&transport=polling");
        late.StatusCode.ShouldBe(HttpStatusCode.ServiceUnavailable);
    }

    [Fact]
    public async Task Shutdown_does_not_wait_for_a_client_that_does_not_answer()
    {
        await using TestApplication application = await StartAsync(Apps.Echo);
        using var client = new EngineClient(application.Address);
        using EngineWebSocket socket = await client.JoinAsync();

        await application.Server.CloseAsync().AsTask().WaitAsync(TimeSpan.FromSeconds(5));
    }
}
