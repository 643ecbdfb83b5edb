using System.Net;
using System.Text.Json;
using System.Threading.Channels;
using Carillon.Connections;
using Carillon.Connections.Tests;
using Carillon.SocketIO.EngineIO;
using Microsoft.Extensions.Logging;
using Shouldly;
using Xunit;

namespace Carillon.SocketIO.Tests.EngineIO;

public class EngineSocketTests : HostedTests
{
    private readonly Channel<DisconnectReason> _closed = Channel.CreateUnbounded<DisconnectReason>();

    [Fact]
    public async Task Socket_tells_who_is_connected_and_how()
    {
        EngineSocket? socket = null;
        await using EngineApplication application = await StartEngineAsync(connected =>
        {
            socket = connected;
            connected.SendText("grüße");
            return ValueTask.CompletedTask;
        });
        using EngineClient client = application.NewClient();
        client.Http.DefaultRequestHeaders.Add("X-Name", "me");

        await client.OpenPollingAsync();

        (await client.PollPacketsAsync()).ShouldBe(["4grüße"]);
        socket.ShouldNotBeNull().Id.ShouldBe(client.SessionId);
        socket.Transport.ShouldBe("polling");
        socket.IsOpen.ShouldBeTrue();
        socket.Query["EIO"].ToString().ShouldBe("4");
        socket.Headers["x-name"].ToString().ShouldBe("me");
        socket.RemoteAddress!.ToString().ShouldBe("127.0.0.1");
        socket.User.Identity!.IsAuthenticated.ShouldBeFalse();
        using EngineWebSocket upgraded = await client.OpenWebSocketAsync();
        await upgraded.SendAsync("2probe");
        (await upgraded.ReadAsync()).ShouldBe("3probe");
        await upgraded.SendAsync("5");
        await Eventually.BeTrueAsync(() => socket.Transport == "websocket");
    }

    [Fact]
    public async Task Messages_of_a_websocket_wait_until_those_posted_before_the_upgrade_were_handled()
    {
        var go = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var began = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        int running = 0;
        int most = 0;
        var options = new EngineIOOptions { PingInterval = TimeSpan.FromMilliseconds(200), PingTimeout = TimeSpan.FromMilliseconds(400) };
        await using EngineApplication application = await StartEngineAsync(
            socket =>
            {
                socket.OnMessage(async message =>
                {
                    most = Math.Max(most, Interlocked.Increment(ref running));
                    began.TrySetResult();
                    await go.Task;
                    socket.SendText(message.Data.Span);
                    Interlocked.Decrement(ref running);
                });
                return ValueTask.CompletedTask;
            },
            options);
        using EngineClient client = await application.OpenPollingAsync();
        Task<(HttpStatusCode Status, string Body)> posting = client.PostAsync("4posted", "4after");
        await began.Task;
        using EngineWebSocket webSocket = await client.OpenWebSocketAsync();
        await webSocket.SendAsync("2probe");
        (await webSocket.ReadAsync()).ShouldBe("3probe");
        await webSocket.SendAsync("5");
        await webSocket.SendAsync("4sent");

        for (int pings = 0; pings < 5; pings++)
        {
            (await webSocket.ReadAsync()).ShouldBe("2"); // Time passes, and the session stays although no pong is read.
        }

        most.ShouldBe(1);
        go.SetResult();
        (await posting).Body.ShouldBe("ok");
        (await webSocket.ReadAsync()).ShouldBe("4posted");
        (await webSocket.ReadAsync()).ShouldBe("4after");
        (await webSocket.ReadAsync()).ShouldBe("4sent");
        most.ShouldBe(1);
    }

    [Fact]
    public async Task Messages_wait_for_the_connection_handler_and_are_handled_one_after_another()
    {
        var ready = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var received = new List<string>();
        await using EngineApplication application = await StartEngineAsync(async socket =>
        {
            await ready.Task;
            int running = 0;
            socket.OnMessage(async message =>
            {
                Interlocked.Increment(ref running).ShouldBe(1);
                await Task.Yield();
                received.Add(message.GetText());
                Interlocked.Decrement(ref running);
                socket.SendText(message.GetText());
            });
        });
        using EngineWebSocket client = await application.OpenWebSocketAsync();

        for (int i = 0; i < 20; i++)
        {
            await client.SendAsync($"4{i}");
        }

        ready.SetResult();
        for (int i = 0; i < 20; i++)
        {
            (await client.ReadAsync()).ShouldBe($"4{i}");
        }

        received.ShouldBe(Enumerable.Range(0, 20).Select(static i => $"{i}"));
    }

    [Fact]
    public async Task Fault_of_a_message_handler_is_logged_and_the_session_goes_on()
    {
        await using EngineApplication application = await StartEngineAsync(socket =>
        {
            socket.OnMessage(message => message.IsBinary ? throw new InvalidOperationException("not text") : Send(socket, message.GetText()));
            return ValueTask.CompletedTask;
        });
        using EngineWebSocket client = await application.OpenWebSocketAsync();

        await client.SendBinaryAsync(1);
        await client.SendAsync("4next");

        (await client.ReadAsync()).ShouldBe("4next");
        application.Log.Entries.ShouldContain(static entry => entry.Level == LogLevel.Error && entry.Text.Contains("not text", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Fault_of_the_connection_handler_closes_that_client()
    {
        await using EngineApplication application = await StartEngineAsync(socket =>
            socket.Query.ContainsKey("bad") ? throw new InvalidOperationException("broken") : EngineApplication.Echo(socket));
        using EngineWebSocket neighbour = await application.OpenWebSocketAsync();
        using EngineClient client = application.NewClient();

        string answer = await client.Http.GetStringAsync("/engine.io/?EIO=4&transport=polling&bad=1");

        answer.ShouldStartWith("0{");
        string sid = JsonDocument.Parse(answer.AsMemory(1)).RootElement.GetProperty("sid").GetString()!;
        (await client.Http.GetStringAsync($"/engine.io/?EIO=4&transport=polling&sid={sid}")).ShouldBe("1");
        await neighbour.SendAsync("4hello");
        (await neighbour.ReadAsync()).ShouldBe("4hello");
        application.Server.ConnectionCount.ShouldBe(1);
    }

    [Fact]
    public async Task Close_sends_what_waits_then_the_reason()
    {
        await using EngineApplication application = await StartAsync(static socket =>
        {
            socket.SendText("bye");
            socket.Close("enough");
            return ValueTask.CompletedTask;
        });
        using EngineWebSocket client = await application.OpenWebSocketAsync();

        await client.SendAsync("4x");

        (await client.ReadAsync()).ShouldBe("4bye");
        (await client.ReadCloseAsync()).ShouldBe((1000, "enough"));
        (await _closed.Reader.ReadAsync()).ShouldBe(new DisconnectReason(DisconnectCause.ForcedClose, "enough"));
    }

    [Fact]
    public async Task Close_handler_is_called_for_a_client_that_is_closed_while_it_connects()
    {
        await using EngineApplication application = await StartEngineAsync(socket =>
        {
            socket.Close("not you");
            socket.OnClose(reason => _closed.Writer.WriteAsync(reason));
            return ValueTask.CompletedTask;
        });
        using EngineClient client = application.NewClient();
        using EngineWebSocket webSocket = await client.OpenWebSocketAsync();

        (await webSocket.ReadCloseAsync()).ShouldBe((1000, "not you"));
        (await _closed.Reader.ReadAsync()).ShouldBe(new DisconnectReason(DisconnectCause.ForcedClose, "not you"));
    }

    [Fact]
    public async Task Polling_client_gets_over_a_burst_however_many_polls_it_takes()
    {
        const int Sent = 500;
        var time = new ManualTime();
        var options = new EngineIOOptions { Outbox = new OutboxOptions { MaxFrames = 100 } };
        await using EngineApplication application = await EngineApplication.StartAsync(
            static socket =>
            {
                socket.OnMessage(_ =>
                {
                    for (int i = 0; i < Sent; i++)
                    {
                        socket.SendText($"{i}");
                    }
                });
                return ValueTask.CompletedTask;
            },
            options,
            time);
        using EngineClient client = await application.OpenPollingAsync();
        await client.PostAsync("4go");

        var packets = new List<string>();
        while (packets.Count < Sent)
        {
            packets.AddRange(await client.PollPacketsAsync());
            time.Advance(TimeSpan.FromMilliseconds(700)); // Of the second that a burst may last.
        }

        packets.ShouldBe(Enumerable.Range(0, Sent).Select(static i => $"4{i}"));
    }

    [Fact]
    public async Task Client_that_is_closed_while_it_connects_leaves_nothing_behind()
    {
        var time = new ManualTime();
        await using EngineApplication application = await EngineApplication.StartAsync(
            static socket =>
            {
                socket.Close("not you");
                return ValueTask.CompletedTask;
            },
            time: time);
        using EngineClient client = application.NewClient();
        using EngineWebSocket webSocket = await client.OpenWebSocketAsync();

        (await webSocket.ReadCloseAsync()).ShouldBe((1000, "not you"));

        await Eventually.BeTrueAsync(() =>
        {
            time.Advance(TimeSpan.FromSeconds(1));
            return time.RunningTimers == 0; // The heartbeat rests only while nobody is registered.
        });
    }

    [Fact]
    public async Task Polling_client_that_is_closed_between_two_polls_learns_it_from_the_next()
    {
        EngineSocket? socket = null;
        await using EngineApplication application = await StartEngineAsync(connected =>
        {
            socket = connected;
            return ValueTask.CompletedTask;
        });
        using EngineClient client = await application.OpenPollingAsync();

        socket!.Close();

        (await client.PollPacketsAsync()).ShouldBe(["1"]);
        (await client.PollAsync()).Body.ShouldContain("Session ID unknown");
        application.Server.ConnectionCount.ShouldBe(0);
    }

    [Theory]
    [InlineData("1", DisconnectCause.TransportClose)]
    [InlineData("abc", DisconnectCause.ParseError)]
    public async Task Close_handler_learns_why(string packet, DisconnectCause cause)
    {
        await using EngineApplication application = await StartAsync(static _ => ValueTask.CompletedTask);
        using EngineWebSocket client = await application.OpenWebSocketAsync();

        await client.SendAsync(packet);

        (await _closed.Reader.ReadAsync()).Cause.ShouldBe(cause);
        await client.ReadCloseAsync();
        application.Server.ConnectionCount.ShouldBe(0);
    }

    [Fact]
    public async Task Sending_to_a_socket_that_has_closed_is_refused()
    {
        EngineSocket? socket = null;
        await using EngineApplication application = await StartEngineAsync(connected =>
        {
            socket = connected;
            return ValueTask.CompletedTask;
        });
        using EngineWebSocket client = await application.OpenWebSocketAsync();
        await Eventually.BeTrueAsync(() => Volatile.Read(ref socket) is not null); // The open packet comes before the connection handler.

        socket!.Close();

        socket.IsOpen.ShouldBeFalse();
        socket.SendText("x").ShouldBeFalse();
        socket.SendBinary([1]).ShouldBeFalse();
    }

    [Fact]
    public async Task Shutdown_tells_the_clients_and_refuses_new_ones()
    {
        await using EngineApplication application = await StartAsync(static _ => ValueTask.CompletedTask);
        using EngineWebSocket client = await application.OpenWebSocketAsync();

        Task closing = application.Server.CloseAsync().AsTask();

        (await client.ReadCloseAsync()).ShouldBe((1001, "server is shutting down"));
        await client.Socket.CloseOutputAsync(System.Net.WebSockets.WebSocketCloseStatus.EndpointUnavailable, null, default);
        await closing;
        (await _closed.Reader.ReadAsync()).Cause.ShouldBe(DisconnectCause.ServerShuttingDown);
    }

    private Task<EngineApplication> StartAsync(Func<EngineSocket, ValueTask> onMessage) => StartEngineAsync(socket =>
    {
        socket.OnMessage(_ => onMessage(socket));
        socket.OnClose(reason => _closed.Writer.WriteAsync(reason));
        return ValueTask.CompletedTask;
    });

    private static ValueTask Send(EngineSocket socket, string text)
    {
        socket.SendText(text);
        return ValueTask.CompletedTask;
    }
}
