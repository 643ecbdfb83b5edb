using System.Net;
using Carillon.Connections.Tests;
using Shouldly;
using Xunit;

namespace Carillon.SocketIO.Tests.EngineIO;

/// <summary>Posts of one session that come at the same time.</summary>
public sealed class PostLineTests
{
    [Fact]
    public async Task Post_that_comes_while_the_packets_of_another_are_taken_waits_for_them()
    {
        var go = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var began = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using EngineApplication application = await StartSlowAsync(go.Task, began);
        using EngineClient client = await application.OpenPollingAsync();
        Task<(HttpStatusCode Status, string Body)> first = client.PostAsync("4first");
        await began.Task;

        Task<(HttpStatusCode Status, string Body)> second = client.PostAsync("4second");
        await Task.WhenAny(second, Task.Delay(TimeSpan.FromSeconds(1))); // Longer than a body may be on its way.
        second.IsCompleted.ShouldBeFalse();
        go.SetResult();

        (await first).Body.ShouldBe("ok");
        (await second).Body.ShouldBe("ok");
        (await client.PollPacketsAsync()).ShouldBe(["4first", "4second"]);
    }

    [Fact]
    public async Task Sixty_four_posts_may_wait_and_one_more_closes_the_session()
    {
        var go = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using EngineApplication application = await StartSlowAsync(go.Task);
        using EngineClient client = await application.OpenPollingAsync();
        using EngineClient greedy = await application.OpenPollingAsync();
        Task<(HttpStatusCode Status, string Body)>[] modest = [.. Enumerable.Range(0, 65).Select(i => client.PostAsync($"4{i}"))];
        Task<(HttpStatusCode Status, string Body)>[] posts = [.. Enumerable.Range(0, 66).Select(i => greedy.PostAsync($"4{i}"))];

        await Eventually.BeTrueAsync(() => application.Server.ConnectionCount == 1);
        go.SetResult();

        (await Task.WhenAll(modest)).ShouldAllBe(static answer => answer.Body == "ok");
        (await Task.WhenAll(posts)).ShouldContain(static answer => answer.Status == HttpStatusCode.BadRequest);
        application.Log.Entries.ShouldContain(static entry => entry.Text.Contains("too many posts at once"));
    }

    // Two threads of the server may look at two requests in any order, even when each came whole.
    [Fact]
    public async Task Whole_posts_that_are_sent_at_once_are_all_taken()
    {
        const int Rounds = 200;
        const int AtOnce = 8;
        int taken = 0;
        await using EngineApplication application = await EngineApplication.StartAsync(socket =>
        {
            socket.OnMessage(_ => Interlocked.Increment(ref taken));
            return ValueTask.CompletedTask;
        });
        using EngineClient client = await application.OpenPollingAsync();

        for (int round = 0; round < Rounds; round++)
        {
            (HttpStatusCode Status, string Body)[] answers = await Task.WhenAll(Enumerable.Range(0, AtOnce).Select(_ => Task.Run(() => client.PostAsync("4x"))));
            answers.ShouldAllBe(static answer => answer.Body == "ok");
        }

        taken.ShouldBe(Rounds * AtOnce);
    }

    [Fact]
    public async Task Body_that_comes_soon_after_its_request_costs_no_session_though_another_post_comes_before_it()
    {
        await using EngineApplication application = await EngineApplication.StartEchoAsync(time: new ManualTime()); // Nothing takes too long.
        using EngineClient client = await application.OpenPollingAsync();
        using var slow = new SlowContent("4first");
        Task<HttpResponseMessage> first = client.Http.PostAsync(client.PollingPath, slow);
        Task<(HttpStatusCode Status, string Body)> second = await PostBehindAsync(client, slow);

        slow.Finish();

        (await (await first).Content.ReadAsStringAsync()).ShouldBe("ok");
        (await second).Body.ShouldBe("ok");
        var packets = new List<string>();
        while (!packets.Contains("4first"))
        {
            packets.AddRange(await client.PollPacketsAsync());
        }
    }

    // Who upgrades beside a POST that does not come whole: the WebSocket waits for the POSTs before it, and must not wait when the session has ended.
    [Fact]
    public async Task Upgrade_beside_posts_of_which_one_is_refused_ends_whole()
    {
        var time = new ManualTime();
        await using EngineApplication application = await EngineApplication.StartEchoAsync(time: time);
        using EngineClient client = await application.OpenPollingAsync();
        using EngineWebSocket webSocket = await ProbeAsync(client);
        using var slow = new SlowContent("4first");
        Task<HttpResponseMessage> first = client.Http.PostAsync(client.PollingPath, slow);
        Task<(HttpStatusCode Status, string Body)> second = await PostBehindAsync(client, slow);

        await webSocket.SendAsync("5");
        await PollUntilUpgradedAsync(client);
        await Eventually.BeTrueAsync(() =>
        {
            time.Advance(TimeSpan.FromMilliseconds(100));
            return second.IsCompleted;
        });
        (await second).Status.ShouldBe(HttpStatusCode.BadRequest);
        (await webSocket.ReadCloseAsync()).ShouldNotBeNull().Reason.ShouldContain("overlapping posts");
        slow.Finish();
        await first;
        webSocket.Dispose();

        await application.StopAsync().WaitAsync(TimeSpan.FromSeconds(10)); // The clock stands still: it waits until every connection has ended.
    }

    [Fact]
    public async Task Posts_that_wait_in_line_when_the_upgrade_completes_are_taken_before_what_comes_after_it()
    {
        await using EngineApplication application = await EngineApplication.StartEchoAsync(time: new ManualTime()); // Nothing takes too long.
        using EngineClient client = await application.OpenPollingAsync();
        using EngineWebSocket webSocket = await ProbeAsync(client);
        using var slow = new SlowContent("4first");
        Task<HttpResponseMessage> first = client.Http.PostAsync(client.PollingPath, slow);
        Task<(HttpStatusCode Status, string Body)> second = await PostBehindAsync(client, slow);

        await webSocket.SendAsync("5");
        await webSocket.SendAsync("4third");
        await PollUntilUpgradedAsync(client);
        slow.Finish();

        (await (await first).Content.ReadAsStringAsync()).ShouldBe("ok");
        (await second).ShouldBe((HttpStatusCode.OK, "ok"));
        var packets = new List<string>();
        while (packets.LastOrDefault() != "4third")
        {
            packets.Add(await webSocket.ReadAsync());
        }

        packets.Count(static packet => packet == "4first").ShouldBe(1);
        packets[^2].ShouldBe("4second");
    }

    private static async Task<EngineWebSocket> ProbeAsync(EngineClient client)
    {
        EngineWebSocket webSocket = await client.OpenWebSocketAsync();
        await webSocket.SendAsync("2probe");
        (await webSocket.ReadAsync()).ShouldBe("3probe");
        return webSocket;
    }

    private static async Task PollUntilUpgradedAsync(EngineClient client)
    {
        while ((await client.PollAsync()).Status == HttpStatusCode.OK)
        {
            // The packet that completes the upgrade is still on its way.
        }
    }

    // A POST that waits in line: those that come before the slow one has reached the server are answered.
    private static async Task<Task<(HttpStatusCode Status, string Body)>> PostBehindAsync(EngineClient client, SlowContent slow)
    {
        await slow.Begun;
        while (true)
        {
            Task<(HttpStatusCode Status, string Body)> second = client.PostAsync("4second");
            await Task.WhenAny(second, Task.Delay(100));
            if (!second.IsCompleted)
            {
                return second;
            }

            (await second).Body.ShouldBe("ok");
        }
    }

    private static Task<EngineApplication> StartSlowAsync(Task go, TaskCompletionSource? began = null) => EngineApplication.StartAsync(socket =>
    {
        socket.OnMessage(async message =>
        {
            began?.TrySetResult();
            byte[] text = message.Data.ToArray();
            await go;
            socket.SendText(text);
        });
        return ValueTask.CompletedTask;
    });
}
