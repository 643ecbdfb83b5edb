using System.Text;
using Shouldly;
using Xunit;

namespace Carillon.SocketIO.Tests;

public class OfficialClientTests : HostedTests
{
    [Theory]
    [InlineData("python", "polling,websocket", "websocket")]
    [InlineData("python", "websocket", "websocket")]
    [InlineData("python", "polling", "polling")]
    [InlineData("node", "polling,websocket", "websocket")]
    [InlineData("node", "websocket", "websocket")]
    [InlineData("node", "polling", "polling")]
    public async Task Stock_client_exchanges_events_and_acknowledgements(string language, string transports, string expected)
    {
        var left = new TaskCompletionSource<DisconnectReason>(TaskCreationOptions.RunContinuationsAsynchronously);
        string? auth = null;

        // A polling client may exit between two polls without a farewell: only the missing pong tells.
        var options = new SocketIOOptions { PingInterval = TimeSpan.FromSeconds(2), PingTimeout = TimeSpan.FromSeconds(4) };
        await using TestApplication application = await StartAsync(server => server.Of("/").OnConnection(socket =>
        {
            auth = Encoding.UTF8.GetString(socket.Handshake.Auth.Span);
            socket.On("add", (int a, int b) => a + b);
            socket.On("ask", (System.Text.Json.JsonElement question) => socket.EmitAsync("answer", question));
            socket.OnDisconnect(reason =>
            {
                left.SetResult(reason);
                return ValueTask.CompletedTask;
            });
            return socket.EmitAsync("greeting", "hello");
        }), options);

        string output = await ClientProcess.RunAsync(language, "exchange", null, application.Address.ToString(), transports);

        output.ShouldContain($"transport {expected}");
        output.ShouldContain("greeting hello");
        output.ShouldContain("acknowledged 5");
        output.ShouldContain("answer grüße 🎉");
        auth.ShouldNotBeNull().Replace(" ", string.Empty, StringComparison.Ordinal).ShouldBe("""{"token":"abc"}""");
        (await left.Task.WaitAsync(TimeSpan.FromSeconds(20))).Cause.ShouldBeOneOf(DisconnectCause.ClientNamespaceDisconnect, DisconnectCause.TransportClose, DisconnectCause.PingTimeout);
    }

    [Theory]
    [InlineData("websocket")]
    [InlineData("polling")]
    public async Task Stock_client_that_connects_again_while_it_is_still_being_checked_joins_once_and_keeps_its_connection(string transports)
    {
        var release = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using TestApplication application = await StartAsync(server =>
        {
            server.OnConnection(socket => socket.On("release", () => release.TrySetResult()));
            server.Of("/checked").Use(async (_, _) =>
            {
                await release.Task;
                return null;
            });
            server.Of("/checked").OnConnection(static socket =>
            {
                int number = socket.Handshake.GetAuth<System.Text.Json.JsonElement>().GetProperty("number").GetInt32();
                socket.On("ticket", () => number);
            });
        });

        string output = await ClientProcess.RunAsync("node", "again", null, application.Address.ToString(), transports);

        string[] seen = output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        seen[..4].ShouldBe(["read true", "connected true", "answer 2", "main false"], ignoreOrder: true); // The answer that lets it join may come after it has.
        seen[4..].ShouldAllBe(static line => line.Contains("disconnected")); // It leaves.
    }

    [Theory]
    [InlineData("python", "polling,websocket")]
    [InlineData("python", "websocket")]
    [InlineData("python", "polling")]
    [InlineData("node", "polling,websocket")]
    [InlineData("node", "websocket")]
    [InlineData("node", "polling")]
    public async Task Stock_client_comes_back_by_itself_after_a_shutdown(string language, string transports)
    {
        TestApplication first = await StartAsync(Apps.Echo);
        int port = first.Address.Port;
        var connected = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Task<string> client = ClientProcess.RunAsync(
            language, "reconnect", line => _ = line == "connected 1" && connected.TrySetResult(), first.Address.ToString(), transports);
        await connected.Task.WaitAsync(TimeSpan.FromSeconds(30));

        await first.Server.CloseAsync();
        await first.DisposeAsync();
        await using TestApplication second = await StartAsync(Apps.Echo, port: port);

        (await client).ShouldContain("connected 2");
    }
}
