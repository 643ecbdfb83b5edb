using System.Net;
using System.Net.Sockets;
using Carillon.Connections;
using Carillon.Connections.Tests.WebSockets;
using Carillon.SocketIO.EngineIO;
using Shouldly;
using Xunit;

namespace Carillon.SocketIO.Tests.EngineIO;

public class UnreadEchoTests : HostedTests
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(30);
    private static readonly string Large = "4" + new string('x', 600_000);

    [Fact]
    public async Task Client_that_sends_and_never_reads_what_comes_back_holds_bounded_memory_and_is_cut_off()
    {
        const int MessageSize = 100_000;
        long most = 0;
        EngineSocket? server = null;
        var options = new EngineIOOptions { Outbox = new OutboxOptions { WriteTimeout = TimeSpan.FromSeconds(2) } };
        await using EngineApplication application = await StartEngineAsync(
            socket =>
            {
                server = socket;
                return EngineApplication.Echo(socket);
            },
            options);
        using RawClient client = await RawClient.ConnectAsync(application.Address.Port, receiveBuffer: 4096, RawClient.Upgrade("/engine.io/?EIO=4&transport=websocket"));
        byte[] message = ClientFrames.Text("4" + new string('x', MessageSize));

        Task sending = Task.Run(async () =>
        {
            try
            {
                for (int i = 0; i < 1000; i++)
                {
                    await client.SendAsync(message);
                }
            }
            catch (Exception error) when (error is IOException or SocketException)
            {
                // It was cut off.
            }
        });

        await Eventually.BeTrueAsync(() =>
        {
            most = Math.Max(most, server?.QueuedFrames ?? 0);
            return application.Server.ConnectionCount == 0;
        });
        await sending;
        most.ShouldBeInRange(1, 8); // Half a MiB, and the message that came then.
    }

    [Fact]
    public async Task Polling_client_that_polls_only_after_its_posts_is_answered_all_and_gets_all_in_order()
    {
        await using EngineApplication application = await StartEchoAsync();
        using EngineClient client = await application.OpenPollingAsync();

        (await client.PostAsync(Large).WaitAsync(Soon)).Body.ShouldBe("ok");
        (await client.PostAsync("4a", "4b").WaitAsync(Soon)).Body.ShouldBe("ok");
        (await client.PostAsync("4c").WaitAsync(Soon)).Body.ShouldBe("ok");

        var packets = new List<string>();
        while (packets.Count < 4)
        {
            packets.AddRange(await client.PollPacketsAsync());
        }

        packets.ShouldBe([Large, "4a", "4b", "4c"]);
    }

    [Fact]
    public async Task Client_that_stops_polling_to_upgrade_is_answered_its_post_and_gets_all_in_order()
    {
        await using EngineApplication application = await StartEchoAsync();
        using EngineClient client = await application.OpenPollingAsync();
        (await client.PostAsync(Large)).Body.ShouldBe("ok");
        using EngineWebSocket webSocket = await client.OpenWebSocketAsync();
        await webSocket.SendAsync("2probe");
        (await webSocket.ReadAsync()).ShouldBe("3probe");

        (await client.PostAsync("4posted").WaitAsync(Soon)).Body.ShouldBe("ok");
        await webSocket.SendAsync("5");
        await webSocket.SendAsync("4sent");

        (await webSocket.ReadAsync()).ShouldBe(Large);
        (await webSocket.ReadAsync()).ShouldBe("4posted");
        (await webSocket.ReadAsync()).ShouldBe("4sent");
    }

    [Fact]
    public async Task Client_that_waits_for_the_answer_to_a_very_full_post_before_it_upgrades_gets_it_and_then_all_in_order()
    {
        await using EngineApplication application = await StartEchoAsync();
        using EngineClient client = await application.OpenPollingAsync();
        (await client.PostAsync(Large)).Body.ShouldBe("ok");
        string[] many = [.. Enumerable.Range(0, 3000).Select(static i => $"4{i}")];

        Task<(HttpStatusCode Status, string Body)> post = client.PostAsync(many);
        await Task.WhenAny(post, Task.Delay(TimeSpan.FromMilliseconds(200)));
        post.IsCompleted.ShouldBeFalse(); // A thousand wait to be handled, until the client polls.
        using EngineWebSocket webSocket = await client.OpenWebSocketAsync();
        await webSocket.SendAsync("2probe");
        (await webSocket.ReadAsync()).ShouldBe("3probe");
        (await post.WaitAsync(Soon)).Body.ShouldBe("ok");
        await webSocket.SendAsync("5");
        await webSocket.SendAsync("4sent");

        (await webSocket.ReadAsync()).ShouldBe(Large);
        foreach (string packet in many)
        {
            (await webSocket.ReadAsync()).ShouldBe(packet);
        }

        (await webSocket.ReadAsync()).ShouldBe("4sent");
    }

    [Fact]
    public async Task Client_whose_post_a_slow_handler_holds_can_upgrade_all_the_same()
    {
        var go = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        EngineSocket? server = null;
        await using EngineApplication application = await StartEngineAsync(socket =>
        {
            server = socket;
            socket.OnMessage(async message =>
            {
                byte[] text = message.Data.ToArray();
                await go.Task;
                socket.SendText(text);
            });
            return ValueTask.CompletedTask;
        });
        using EngineClient client = await application.OpenPollingAsync();
        Task<(HttpStatusCode Status, string Body)> post = client.PostAsync("4a", "4b");
        using EngineWebSocket webSocket = await client.OpenWebSocketAsync();
        await webSocket.SendAsync("2probe");
        (await webSocket.ReadAsync()).ShouldBe("3probe");

        (await post.WaitAsync(Soon)).Body.ShouldBe("ok");
        await webSocket.SendAsync("5");
        await webSocket.SendAsync("4c");
        await Eventually.BeTrueAsync(() => server!.Transport == "websocket");
        go.SetResult();

        (await webSocket.ReadAsync()).ShouldBe("4a");
        (await webSocket.ReadAsync()).ShouldBe("4b");
        (await webSocket.ReadAsync()).ShouldBe("4c");
    }

    [Fact]
    public async Task Polling_client_that_posts_and_never_polls_is_bounded_and_closed_after_the_pause_timeout()
    {
        EngineSocket? server = null;
        int most = 0;
        var options = new EngineIOOptions { PauseTimeout = TimeSpan.FromSeconds(2) };
        await using EngineApplication application = await StartEngineAsync(
            socket =>
            {
                server = socket;
                return EngineApplication.Echo(socket);
            },
            options);
        using EngineClient client = await application.OpenPollingAsync();
        string message = "4" + new string('x', 100_000);

        int answered = 0;
        while (application.Server.ConnectionCount == 1)
        {
            (HttpStatusCode status, _) = await client.PostAsync(message);
            answered += status == HttpStatusCode.OK ? 1 : 0;
            most = Math.Max(most, server!.QueuedFrames);
        }

        most.ShouldBeInRange(1, 8);
        answered.ShouldBeInRange(12, 20); // Half a MiB was sent back, and a million bytes wait.
    }
}
