using System.Net.WebSockets;
using System.Text;
using Carillon.Connections.Tests.WebSockets;
using Carillon.Connections.Upgrades;
using Carillon.Connections.WebSockets;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Shouldly;
using Xunit;

namespace Carillon.Connections.Tests.Upgrades;

public sealed class UpgradeTests
{
    [Fact]
    public async Task Upgrade_of_a_marked_endpoint_is_held_without_its_request()
    {
        await using UpgradeHost host = await UpgradeHost.StartAsync();
        using RawClient client = await RawClient.ConnectAsync(host.Port);
        UpgradeHost.Accepted accepted = await host.NextAsync();

        accepted.IsHeld.ShouldBeTrue();
        await Eventually.ShouldAsync(() =>
        {
            GC.Collect();
            return !accepted.Context.IsAlive;
        });
        await client.SendAsync(ClientFrames.Text("still here"));
        (await client.ReadTextAsync()).ShouldBe("still here");
    }

    [Fact]
    public async Task Upgrade_of_another_endpoint_is_the_servers()
    {
        await using UpgradeHost host = await UpgradeHost.StartAsync();
        using RawClient client = await RawClient.ConnectAsync(host.Port, request: RawClient.Upgrade("/unmarked"));

        await client.SendAsync(ClientFrames.Text("hello"));

        (await client.ReadTextAsync()).ShouldBe("hello");
        (await host.NextAsync()).IsHeld.ShouldBeFalse();
    }

    [Fact]
    public async Task Frames_sent_together_with_the_head_reach_the_connection()
    {
        await using UpgradeHost host = await UpgradeHost.StartAsync();
        using RawClient client = await RawClient.OpenAsync(host.Port);

        await client.SendAsync([.. Encoding.ASCII.GetBytes(RawClient.Upgrade("/ws")), .. ClientFrames.Text("one"), .. ClientFrames.Text("two")]);

        (await client.ReadHeadAsync()).ShouldStartWith("HTTP/1.1 101 Switching Protocols\r\n");
        (await client.ReadTextAsync()).ShouldBe("one");
        (await client.ReadTextAsync()).ShouldBe("two");
        (await host.NextAsync()).IsHeld.ShouldBeTrue();
    }

    [Fact]
    public async Task Requests_before_the_upgrade_leave_it_to_the_server()
    {
        await using UpgradeHost host = await UpgradeHost.StartAsync();
        using RawClient client = await RawClient.OpenAsync(host.Port);

        (await client.AskAsync("POST /body HTTP/1.1\r\nHost: localhost\r\nContent-Length: 5\r\n\r\nhello")).Head.ShouldStartWith("HTTP/1.1 200");
        await client.ReadAsync("5\r\nhello\r\n0\r\n\r\n".Length);
        (await client.AskAsync(RawClient.Upgrade("/ws"))).Head.ShouldStartWith("HTTP/1.1 101");
        await client.SendAsync(ClientFrames.Text("after"));

        (await client.ReadTextAsync()).ShouldBe("after");
        (await host.NextAsync()).IsHeld.ShouldBeFalse();
    }

    [Fact]
    public async Task Large_answers_are_written_on_both_ways()
    {
        await using UpgradeHost host = await UpgradeHost.StartAsync();
        using RawClient client = await RawClient.OpenAsync(host.Port);

        (await client.AskAsync(RawClient.Upgrade("/pages"))).Body.Length.ShouldBe(100_000);
        (await client.AskAsync("GET /pages HTTP/1.1\r\nHost: localhost\r\n\r\n")).Body.Length.ShouldBe(100_000);
        host.KestrelConnections.ShouldBe(1);
    }

    [Fact]
    public async Task Head_that_comes_in_parts_is_left_to_the_server()
    {
        await using UpgradeHost host = await UpgradeHost.StartAsync();
        using RawClient client = await RawClient.OpenAsync(host.Port);
        byte[] head = Encoding.ASCII.GetBytes(RawClient.Upgrade("/ws"));

        await client.SendAsync(head[..40]);
        await Eventually.ShouldAsync(() => host.KestrelConnections == 1);
        await client.SendAsync(head[40..]);

        (await client.ReadHeadAsync()).ShouldStartWith("HTTP/1.1 101");
        (await host.NextAsync()).IsHeld.ShouldBeFalse();
    }

    [Fact]
    public async Task Silent_connection_becomes_the_servers_and_works_when_it_speaks()
    {
        var time = new ManualTime();
        await using UpgradeHost host = await UpgradeHost.StartAsync(builder => builder.Services.AddSingleton<TimeProvider>(time));
        using RawClient client = await RawClient.OpenAsync(host.Port);
        await Eventually.ShouldAsync(() => time.RunningTimers > 0);

        time.Advance(TimeSpan.FromSeconds(4));
        await Eventually.ShouldAsync(() => host.KestrelConnections == 1);
        await client.SendAsync(Encoding.ASCII.GetBytes(RawClient.Upgrade("/ws")));

        (await client.ReadHeadAsync()).ShouldStartWith("HTTP/1.1 101");
        (await host.NextAsync()).IsHeld.ShouldBeFalse();
        await client.SendAsync(ClientFrames.Text("late"));
        (await client.ReadTextAsync()).ShouldBe("late");
    }

    [Fact]
    public async Task Answer_that_is_no_upgrade_leaves_the_connection_open()
    {
        await using UpgradeHost host = await UpgradeHost.StartAsync();
        using RawClient client = await RawClient.OpenAsync(host.Port);

        (await client.AskAsync(RawClient.Upgrade("/way"))).Head.ShouldContain("Transfer-Encoding: chunked\r\n");
        Encoding.ASCII.GetString(await client.ReadAsync(14)).ShouldBe("4\r\nheld\r\n0\r\n\r\n");
        (await client.AskAsync(RawClient.Upgrade("/nowhere/ws"))).Head.ShouldStartWith("HTTP/1.1 404");
        (await client.AskAsync(RawClient.Upgrade("/ws"))).Head.ShouldStartWith("HTTP/1.1 101");
    }

    [Fact]
    public async Task Refusal_of_the_endpoint_is_answered_like_the_servers()
    {
        await using UpgradeHost host = await UpgradeHost.StartAsync();
        using RawClient client = await RawClient.OpenAsync(host.Port);

        string head = (await client.AskAsync(RawClient.Upgrade("/ws").Replace("Version: 13", "Version: 8", StringComparison.Ordinal))).Head;

        head.ShouldStartWith("HTTP/1.1 426 Upgrade Required\r\n");
        head.ShouldContain("Content-Length: 0\r\n");
        head.ShouldContain("Sec-WebSocket-Version: 13\r\n");
        head.ShouldContain("Server: Kestrel\r\n");
        head.ShouldContain("Date: ");
    }

    [Fact]
    public async Task Fault_before_the_upgrade_is_answered_500()
    {
        await using UpgradeHost host = await UpgradeHost.StartAsync();
        using RawClient client = await RawClient.OpenAsync(host.Port);

        (await client.AskAsync(RawClient.Upgrade("/fault"))).Head.ShouldStartWith("HTTP/1.1 500 Internal Server Error\r\n");
        (await client.AskAsync(RawClient.Upgrade("/ws"))).Head.ShouldStartWith("HTTP/1.1 101");
    }

    [Fact]
    public async Task Fault_after_the_upgrade_breaks_the_connection()
    {
        await using UpgradeHost host = await UpgradeHost.StartAsync();
        using RawClient client = await RawClient.OpenAsync(host.Port);

        await client.SendAsync(Encoding.ASCII.GetBytes(RawClient.Upgrade("/fault-after")));

        await client.WaitForEndAsync();
        (await (await host.NextAsync()).EndAsync()).ShouldBe(WebSocketEnd.ClosedHere);
    }

    [Fact]
    public async Task Endpoint_may_use_the_frameworks_websocket_instead()
    {
        await using UpgradeHost host = await UpgradeHost.StartAsync(use: application =>
        {
            application.UseWebSockets();
            application.Map("/framework", async context =>
            {
                using WebSocket socket = await context.WebSockets.AcceptWebSocketAsync();
                var buffer = new byte[100];
                ValueWebSocketReceiveResult received = await socket.ReceiveAsync(buffer.AsMemory(), default);
                await socket.SendAsync(buffer.AsMemory(0, received.Count), WebSocketMessageType.Text, endOfMessage: true, default);
                await socket.CloseAsync(WebSocketCloseStatus.NormalClosure, null, default);
            }).AcceptsWebSockets();
        });
        using RawClient client = await RawClient.ConnectAsync(host.Port, request: RawClient.Upgrade("/framework"));

        await client.SendAsync(ClientFrames.Text("hello"));

        (await client.ReadTextAsync()).ShouldBe("hello");
        (await client.ReadCloseAsync()).Code.ShouldBe(1000);
        await client.SendAsync(ClientFrames.Close(1000));
        await client.WaitForEndAsync();
    }

    [Fact]
    public async Task Client_that_leaves_before_the_answer_aborts_the_request()
    {
        var aborted = new TaskCompletionSource();
        var entered = new TaskCompletionSource();
        await using UpgradeHost host = await UpgradeHost.StartAsync(use: application => application.Map("/long", async context =>
        {
            context.RequestAborted.Register(aborted.SetResult);
            entered.SetResult();
            await aborted.Task;
        }).AcceptsWebSockets());
        using (RawClient client = await RawClient.OpenAsync(host.Port))
        {
            await client.SendAsync(Encoding.ASCII.GetBytes(RawClient.Upgrade("/long")));
            await entered.Task.WaitAsync(TimeSpan.FromSeconds(30));
        }

        await aborted.Task.WaitAsync(TimeSpan.FromSeconds(30));
    }
}
