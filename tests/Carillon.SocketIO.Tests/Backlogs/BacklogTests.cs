using System.Net;
using Carillon.Connections;
using Carillon.Connections.Tests;
using Carillon.SocketIO.EngineIO;
using Carillon.SocketIO.Tests.EngineIO;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Shouldly;
using Xunit;

namespace Carillon.SocketIO.Tests.Backlogs;

/// <summary>Clients whose events wait for a handler in such numbers that they are not read from.</summary>
public class BacklogTests : HostedTests
{
    private static readonly string Packet = $"42[\"n\",\"{new string('x', 500)}\"]";
    private readonly TaskCompletionSource _go = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _handled;

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Acknowledgement_gets_past_the_events_that_wait_for_the_handler_that_asks(bool isAskedFirst)
    {
        const int Events = 3000;
        int answer = 0;
        await using TestApplication application = await StartAsync(server => server.OnConnection(socket =>
        {
            socket.On("ask", async _ =>
            {
                await _go.Task;
                answer = await socket.EmitWithAckAsync<int>("question", [], TimeSpan.FromSeconds(20));
            });
            socket.On("n", _ => Count());
        }));
        using JoinedClient client = await JoinedClient.OpenAsync(application);
        await client.SendAsync("42[\"ask\"]");
        if (isAskedFirst)
        {
            _go.SetResult();
            await Eventually.BeTrueAsync(() => TheSocket(application).QueuedFrames == 0);
        }

        Task sending = SendAsync(client, Events, "42[\"n\"]");
        if (!isAskedFirst)
        {
            await WaitUntilFullAsync(application);
            _go.SetResult();
        }

        string id = await client.ReadQuestionAsync("[\"question\"]");
        await sending;
        await client.SendAsync($"43{id}[7]");

        await Eventually.BeTrueAsync(() => Volatile.Read(ref _handled) == Events);
        answer.ShouldBe(7);
    }

    [Fact]
    public async Task Client_that_is_asked_and_only_sends_events_is_bounded_too()
    {
        await using SocketIOServer server = DetachedClient.CreateServer();
        server.OnConnection(socket => socket.On("ask", _ => new ValueTask(socket.EmitWithAckAsync<int>("question", [], Timeout.InfiniteTimeSpan))));
        var client = new DetachedClient(server);
        await client.ReceiveAsync("40");
        await client.ReceiveAsync("42[\"ask\"]");
        string packet = $"42[\"n\",\"{new string('x', 100_000)}\"]";

        int sent = 0;
        while (client.ReceiveAsync(packet).AsTask().IsCompleted)
        {
            (++sent).ShouldBeLessThan(1000);
        }

        sent.ShouldBeInRange(70, 80); // 8 times 1,000,000 bytes.
        server.Of("/").Sockets.Single().Disconnect();
        client.Session.Close(new DisconnectReason(DisconnectCause.TransportClose));
    }

    // The first event of each namespace is not behind another one of it.
    [Fact]
    public async Task Events_that_wait_until_the_client_reads_count_in_all_its_namespaces()
    {
        const int Namespaces = 40;
        await using SocketIOServer server = DetachedClient.CreateServer();
        for (int i = 0; i < Namespaces; i++)
        {
            server.Of($"/n{i}").OnConnection(socket => socket.On("n", _ => Count()));
        }

        var client = new DetachedClient(server);
        for (int i = 0; i < Namespaces; i++)
        {
            await client.ReceiveAsync($"40/n{i},");
        }

        client.Take();
        client.Session.Outbox.TryEnqueue(Frame.FromBinary(new byte[600_000])).ShouldBeTrue();
        string text = new('x', 100_000);

        int sent = 0;
        Task reading;
        do
        {
            reading = client.ReceiveAsync($"42/n{sent},[\"n\",\"{text}\"]").AsTask();
            (++sent).ShouldBeLessThan(Namespaces);
        }
        while (reading.IsCompleted);

        sent.ShouldBe(10); // 1,000,000 bytes.
        _handled.ShouldBe(0);
        client.Take();
        await reading.WaitAsync(TimeSpan.FromSeconds(10));
        await Eventually.BeTrueAsync(() => Volatile.Read(ref _handled) == sent);
        client.Session.Close(new DisconnectReason(DisconnectCause.TransportClose));
    }

    [Fact]
    public async Task Client_is_pinged_meanwhile_and_stays_although_its_pongs_are_not_read()
    {
        var options = new SocketIOOptions { PingInterval = TimeSpan.FromMilliseconds(300), PingTimeout = TimeSpan.FromMilliseconds(200), MaxHttpBufferSize = 2000 };
        await using TestApplication application = await StartAsync(Configure, options);
        using JoinedClient client = await JoinedClient.OpenAsync(application);
        await SendAsync(client, 20, Packet);
        await WaitUntilFullAsync(application);

        for (int pings = 0; pings < 5; pings++)
        {
            (await client.ReadAsync()).ShouldBe("2");
            await client.SendAsync("3");
        }

        application.Server.ConnectionCount.ShouldBe(1);
        _go.SetResult();
        await Eventually.BeTrueAsync(() => Volatile.Read(ref _handled) == 20);
    }

    [Fact]
    public async Task Client_whose_handlers_do_not_keep_up_is_closed_after_the_pause_timeout_and_told_why()
    {
        var time = new ManualTime();
        var options = new SocketIOOptions { PingInterval = TimeSpan.FromSeconds(59), MaxHttpBufferSize = 2000 };
        await using TestApplication application = await StartAsync(Configure, options, time);
        using JoinedClient neighbour = await JoinedClient.OpenAsync(application, "/custom");
        using JoinedClient client = await JoinedClient.OpenAsync(application);
        await SendAsync(client, 20, Packet);
        await WaitUntilFullAsync(application);

        time.Advance(TimeSpan.FromSeconds(59));
        (await client.ReadAsync()).ShouldBe("2"); // The last tick still found the session open.
        (await neighbour.ReadAsync()).ShouldBe("2");
        time.Advance(TimeSpan.FromSeconds(2));

        (await client.ReadCloseReasonAsync()).ShouldBe("backlog timeout");
        await Eventually.BeTrueAsync(() => application.Server.Of("/").SocketCount == 0 && application.Server.ConnectionCount == 1);
        (await neighbour.AskAsync("42/custom,1[\"ack\",1]")).ShouldBe("43/custom,1[1]");
    }

    [Fact]
    public async Task Client_whose_handlers_are_slow_but_begin_one_after_another_stays()
    {
        var time = new ManualTime();
        using var steps = new SemaphoreSlim(0);
        int begun = 0;
        var options = new SocketIOOptions { PingInterval = TimeSpan.FromHours(1), MaxHttpBufferSize = 2000 };
        await using TestApplication application = await StartAsync(
            server => server.OnConnection(socket =>
            {
                socket.On("step", async _ =>
                {
                    Interlocked.Increment(ref begun);
                    await steps.WaitAsync();
                });
                socket.On("begun", () => begun);
            }),
            options,
            time);
        using JoinedClient client = await JoinedClient.OpenAsync(application);
        await SendAsync(client, 6, "42[\"step\"]");
        await client.SendAsync($"42[\"large\",\"{new string('x', 1980)}\"]"); // No room is made until all that wait before it have begun.
        await client.SendAsync("421[\"begun\"]");
        await WaitUntilFullAsync(application);

        for (int step = 1; step <= 4; step++)
        {
            time.Advance(TimeSpan.FromSeconds(40));
            steps.Release();
            await Eventually.BeTrueAsync(() => Volatile.Read(ref begun) == step + 1);
        }

        steps.Release(2);
        (await client.ReadAsync()).ShouldBe("431[6]");
    }

    [Fact]
    public async Task Client_that_leaves_meanwhile_is_found_out_by_its_pings()
    {
        var options = new SocketIOOptions { PingInterval = TimeSpan.FromMilliseconds(300), PauseTimeout = TimeSpan.FromMinutes(10), MaxHttpBufferSize = 2000 };
        await using TestApplication application = await StartAsync(Configure, options);
        JoinedClient client = await JoinedClient.OpenAsync(application);
        await SendAsync(client, 20, Packet);
        await WaitUntilFullAsync(application);

        client.Dispose();

        await Eventually.BeTrueAsync(() => application.Server.ConnectionCount == 0);
        application.Log.Entries.ShouldContain(static entry => entry.Text.Contains("transport close"));
        _handled.ShouldBe(0);
    }

    [Fact]
    public async Task Client_that_leaves_meanwhile_over_http2_is_found_out_as_well()
    {
        var began = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var options = new EngineIOOptions { PingInterval = TimeSpan.FromMilliseconds(300), PauseTimeout = TimeSpan.FromMinutes(10) };
        await using EngineApplication application = await EngineApplication.StartAsync(
            socket =>
            {
                socket.OnMessage(async _ =>
                {
                    began.TrySetResult();
                    await _go.Task;
                });
                return ValueTask.CompletedTask;
            },
            options,
            protocols: HttpProtocols.Http2);
        using EngineClient client = application.NewClient(HttpVersion.Version20);
        using EngineWebSocket webSocket = await client.OpenWebSocketAsync();
        await webSocket.SendAsync("4x");
        await began.Task;

        webSocket.Dispose();

        await Eventually.BeTrueAsync(() => application.Server.ConnectionCount == 0);
        _go.SetResult();
    }

    [Fact]
    public async Task Polling_client_that_gives_up_its_post_meanwhile_has_left()
    {
        var options = new SocketIOOptions { PingInterval = TimeSpan.FromHours(1), PauseTimeout = TimeSpan.FromMinutes(10), MaxHttpBufferSize = 2000 };
        await using TestApplication application = await StartAsync(Configure, options);
        using var client = new EngineClient(application.Address);
        await client.OpenPollingAsync();
        await client.PostAsync("40");
        Task posting = client.PostUntilRefusedAsync(Packet);
        await WaitUntilFullAsync(application);

        client.Http.CancelPendingRequests();

        await Eventually.BeTrueAsync(() => application.Server.ConnectionCount == 0);
        await Should.ThrowAsync<OperationCanceledException>(posting);
    }

    private static Socket TheSocket(TestApplication application) => application.Server.Of("/").Sockets.Single();

    private static Task WaitUntilFullAsync(TestApplication application)
    {
        Backlog backlog = TheSocket(application).Client.Backlog;
        return Eventually.BeTrueAsync(() => !backlog.WaitForRoomAsync().AsTask().IsCompleted);
    }

    private static async Task SendAsync(JoinedClient client, int count, string packet)
    {
        for (int i = 0; i < count; i++)
        {
            await client.SendAsync(packet);
        }
    }

    private void Configure(SocketIOServer server)
    {
        Apps.Echo(server);
        server.OnConnection(socket => socket.On("n", async _ =>
        {
            await _go.Task;
            await Count();
        }));
    }

    private ValueTask Count()
    {
        Interlocked.Increment(ref _handled);
        return ValueTask.CompletedTask;
    }
}
