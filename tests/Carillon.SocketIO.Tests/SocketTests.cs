using System.Collections.Concurrent;
using System.Text;
using System.Text.Json;
using Carillon.Connections;
using Shouldly;
using Xunit;

namespace Carillon.SocketIO.Tests;

public class SocketTests : HostedTests
{
    [Theory]
    [InlineData("40", "40{", "42[\"message\",1,\"2\",{\"3\":[true]}]", "42[\"message-back\",1,\"2\",{\"3\":[true]}]")]
    [InlineData("40/custom,{\"token\":\"abc\"}", "40/custom,{", "42/custom,[\"message\"]", "42/custom,[\"message-back\"]")]
    [InlineData("40/custom", "40/custom,{", "42/custom,12[\"ack\",\"ü\",null]", "43/custom,12[\"ü\",null]")]
    [InlineData("40", "40{", "420[\"ack\"]", "430[]")]
    public async Task Event_is_handled_in_its_namespace(string connect, string connected, string packet, string answer)
    {
        await using TestApplication application = await StartAsync(Apps.Echo);
        using var client = new EngineClient(application.Address);
        using EngineWebSocket socket = await client.OpenWebSocketAsync();
        await socket.ReadAsync();

        await socket.SendAsync(connect);
        string reply = await socket.ReadAsync();
        reply.ShouldStartWith(connected);
        JsonElement payload = JsonDocument.Parse(reply.AsMemory(reply.IndexOf('{', StringComparison.Ordinal))).RootElement;
        payload.EnumerateObject().Select(static property => property.Name).ShouldBe(["sid"]);
        await socket.SendAsync(packet);

        (await socket.ReadAsync()).ShouldBe(answer);
    }

    [Theory]
    [InlineData("40/random", "44/random,{\"message\":\"Invalid namespace\"}")]
    [InlineData("40/random,{}", "44/random,{\"message\":\"Invalid namespace\"}")]
    public async Task Unknown_namespace_is_refused_and_the_session_stays(string connect, string answer)
    {
        await using TestApplication application = await StartAsync(Apps.Echo);
        using var client = new EngineClient(application.Address);
        using EngineWebSocket socket = await client.JoinAsync();

        await socket.SendAsync(connect);
        (await socket.ReadAsync()).ShouldBe(answer);
        await socket.SendAsync("42[\"message\",1]");

        (await socket.ReadAsync()).ShouldBe("42[\"message-back\",1]");
    }

    [Theory]
    [InlineData("4abc", "malformed packet")]
    [InlineData("4", "malformed packet")]
    [InlineData("x", "unexpected Engine.IO packet")]
    [InlineData("40", "joined twice")]
    [InlineData("40/custom,[]", "malformed packet")]
    [InlineData("42", "malformed event")]
    [InlineData("42{}", "malformed event")]
    [InlineData("42[]", "malformed event")]
    [InlineData("42[null]", "malformed event")]
    [InlineData("42[\"disconnect\"]", "malformed event")]
    [InlineData("42[\"a\"", "malformed event")]
    [InlineData("42/custom,[\"a\"]", "not joined")]
    [InlineData("43[1]", "malformed packet")]
    [InlineData("44{}", "only servers")]
    public async Task Malformed_packet_closes_that_client_only_and_tells_why(string packet, string why)
    {
        await using TestApplication application = await StartAsync(Apps.Echo);
        using var client = new EngineClient(application.Address);
        using EngineWebSocket socket = await client.JoinAsync();
        using var innocent = new EngineClient(application.Address);
        using EngineWebSocket other = await innocent.JoinAsync();

        await socket.SendAsync(packet);

        (int code, string reason) = (await socket.ReadCloseAsync()).ShouldNotBeNull();
        code.ShouldBe(1008);
        reason.ShouldContain(why);
        await other.SendAsync("42[\"message\",1]");
        (await other.ReadAsync()).ShouldBe("42[\"message-back\",1]");
    }

    [Fact]
    public async Task Unknown_event_and_unknown_acknowledgement_are_ignored()
    {
        await using TestApplication application = await StartAsync(Apps.Echo);
        using var client = new EngineClient(application.Address);
        using EngineWebSocket socket = await client.JoinAsync();

        await socket.SendAsync("427[\"unheard-of\",1]");
        await socket.SendAsync("437[1]");
        await socket.SendAsync("42[\"mess\\u0061ge\",\"escaped\"]");

        (await socket.ReadAsync()).ShouldBe("42[\"message-back\",\"escaped\"]");
    }

    [Fact]
    public async Task Disconnect_of_one_namespace_leaves_the_others()
    {
        await using TestApplication application = await StartAsync(Apps.Echo);
        using var client = new EngineClient(application.Address);
        using EngineWebSocket socket = await client.JoinAsync();
        await socket.SendAsync("40/custom");
        await socket.ReadAsync();

        await socket.SendAsync("41/custom");
        await socket.SendAsync("42/custom,[\"message\",\"too late\"]");
        await socket.SendAsync("42[\"message\",1]");

        (await socket.ReadAsync()).ShouldBe("42[\"message-back\",1]");
        application.Server.Of("/custom").SocketCount.ShouldBe(0);
        await socket.SendAsync("40/custom");
        (await socket.ReadAsync()).ShouldStartWith("40/custom,{");
    }

    [Fact]
    public async Task Disconnect_by_the_server_is_told_and_ends_sending()
    {
        await using TestApplication application = await StartAsync(Apps.Echo);
        using var client = new EngineClient(application.Address);
        using EngineWebSocket socket = await client.JoinAsync();
        Socket server = application.Server.Of("/").Sockets.Single();

        await socket.SendAsync("42[\"leave\"]");

        (await socket.ReadAsync()).ShouldBe("41");
        server.IsConnected.ShouldBeFalse();
        server.TrySend(SocketIOFrame.Event("/", "late", default)).ShouldBeFalse();
        application.Server.ConnectionCount.ShouldBe(1);
    }

    [Fact]
    public async Task Close_of_the_connection_is_told_with_its_reason()
    {
        await using TestApplication application = await StartAsync(Apps.Echo);
        using var client = new EngineClient(application.Address);
        using EngineWebSocket socket = await client.JoinAsync();

        application.Server.Of("/").Sockets.Single().CloseConnection("too many subscriptions");

        (await socket.ReadCloseAsync()).ShouldBe((1000, "too many subscriptions"));
        application.Log.Entries.ShouldContain(static entry => entry.Text.Contains("too many subscriptions"));
    }

    [Fact]
    public async Task Middleware_may_refuse_with_data_and_fails_closed()
    {
        await using TestApplication application = await StartAsync(static server =>
        {
            server.Of("/").Use(static async (socket, cancellation) =>
            {
                await Task.Yield();
                return socket.Handshake.GetAuth<JsonElement>() is { ValueKind: JsonValueKind.Object } auth && auth.GetProperty("token").GetString() == "123"
                    ? null
                    : new ConnectRefusal("not authorized", new { code = 401 });
            });
            server.Of("/broken").Use(static (_, _) => throw new InvalidOperationException("a fault"));
        });
        using var client = new EngineClient(application.Address);
        using EngineWebSocket socket = await client.OpenWebSocketAsync();
        await socket.ReadAsync();

        await socket.SendAsync("40");
        (await socket.ReadAsync()).ShouldBe("44{\"message\":\"not authorized\",\"data\":{\"code\":401}}");
        await socket.SendAsync("40/broken");
        (await socket.ReadAsync()).ShouldBe("44/broken,{\"message\":\"internal error\"}");
        await socket.SendAsync("40{\"token\":\"123\"}");
        (await socket.ReadAsync()).ShouldStartWith("40{\"sid\":");
    }

    [Fact]
    public async Task Handshake_holds_query_headers_and_address()
    {
        SocketHandshake? handshake = null;
        await using TestApplication application = await StartAsync(server => server.Of("/").OnConnection(socket =>
        {
            handshake = socket.Handshake;
            return ValueTask.CompletedTask;
        }));
        using var client = new EngineClient(application.Address);
        using EngineWebSocket socket = await client.JoinAsync();

        await Eventually.BeTrueAsync(() => handshake is not null);
        handshake!.Query["transport"].ToString().ShouldBe("websocket");
        handshake.Headers["host"].ToString().ShouldBe(application.Address.Authority);
        handshake.RemoteAddress.ShouldBe(System.Net.IPAddress.Loopback);
        handshake.IsSecure.ShouldBeFalse();
        handshake.Auth.IsEmpty.ShouldBeTrue();
    }

    [Fact]
    public async Task Handlers_run_one_after_another_and_the_disconnect_handler_last()
    {
        var seen = new ConcurrentQueue<string>();
        var connecting = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var slow = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var left = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using TestApplication application = await StartAsync(server => server.Of("/").OnConnection(async socket =>
        {
            await connecting.Task;
            socket.On("slow", async _ =>
            {
                seen.Enqueue("slow begins");
                await slow.Task;
                seen.Enqueue("slow ends");
            });
            socket.On("fails", _ =>
            {
                seen.Enqueue("fails");
                throw new InvalidOperationException("a fault of the handler");
            });
            socket.On("fast", received =>
            {
                received.TryGetJson(0, out ReadOnlyMemory<byte> number);
                seen.Enqueue("fast " + Encoding.UTF8.GetString(number.Span));
                return ValueTask.CompletedTask;
            });
            socket.OnDisconnect(reason =>
            {
                seen.Enqueue(reason.ToString());
                left.SetResult();
                return ValueTask.CompletedTask;
            });
            seen.Enqueue("connected");
        }));
        using var client = new EngineClient(application.Address);
        using EngineWebSocket socket = await client.JoinAsync();

        foreach (string packet in new[] { "42[\"fast\",1]", "42[\"slow\"]", "42[\"fails\"]", "42[\"fast\",2]", "41" })
        {
            await socket.SendAsync(packet);
        }

        await Eventually.BeTrueAsync(() => application.Server.Of("/").SocketCount == 0);
        seen.ShouldBeEmpty();
        connecting.SetResult();
        await Eventually.BeTrueAsync(() => seen.Contains("slow begins"));
        seen.ShouldBe(["connected", "fast 1", "slow begins"]);
        slow.SetResult();
        await left.Task.WaitAsync(TimeSpan.FromSeconds(30));

        seen.ShouldBe(["connected", "fast 1", "slow begins", "slow ends", "fails", "fast 2", "client namespace disconnect"]);
        application.Log.Entries.ShouldContain(static entry => entry.Text.Contains("a fault of the handler"));
    }

    [Fact]
    public async Task Acknowledgement_may_come_after_the_handler_and_counts_once()
    {
        var kept = new TaskCompletionSource<SocketEvent>(TaskCreationOptions.RunContinuationsAsynchronously);
        await using TestApplication application = await StartAsync(server => server.Of("/").OnConnection(socket =>
        {
            socket.On("publish", received =>
            {
                kept.SetResult(received);
                return ValueTask.CompletedTask;
            });
            return ValueTask.CompletedTask;
        }));
        using var client = new EngineClient(application.Address);
        using EngineWebSocket socket = await client.JoinAsync();
        await socket.SendAsync("425[\"publish\",{}]");
        SocketEvent received = await kept.Task.WaitAsync(TimeSpan.FromSeconds(30));

        received.AcknowledgementRequested.ShouldBeTrue();
        received.AcknowledgeJson("{\"status\":\"ok\"}"u8).ShouldBeTrue();
        received.Acknowledge(2).ShouldBeFalse();

        (await socket.ReadAsync()).ShouldBe("435[{\"status\":\"ok\"}]");
        received.AcknowledgementRequested.ShouldBeFalse();
    }

    [Fact]
    public async Task Client_that_does_not_read_overflows_its_outbox_and_is_closed_alone()
    {
        var options = new SocketIOOptions { Outbox = new OutboxOptions { MaxFrames = 64 } };
        await using TestApplication application = await StartAsync(Apps.Echo, options);
        using var client = new EngineClient(application.Address);
        using EngineWebSocket socket = await client.JoinAsync();
        Socket server = application.Server.Of("/").Sockets.Single();
        Frame frame = SocketIOFrame.Event("/", "big", Encoding.UTF8.GetBytes($"\"{new string('x', 100_000)}\""));

        for (int i = 0; server.TrySend(frame); i++)
        {
            i.ShouldBeLessThan(10_000);
        }

        await Eventually.BeTrueAsync(() => application.Server.ConnectionCount == 0);
        application.Log.Entries.ShouldContain(static entry => entry.Text.Contains("outbox overflow"));
    }

    [Fact]
    public async Task Client_that_took_a_burst_and_reads_nothing_is_closed_although_nothing_more_is_sent_to_it()
    {
        var options = new SocketIOOptions
        {
            PingInterval = TimeSpan.FromSeconds(4),
            Outbox = new OutboxOptions { MaxFrames = 64, BurstTime = TimeSpan.FromMilliseconds(300), WriteTimeout = TimeSpan.FromMinutes(5) },
        };
        await using TestApplication application = await StartAsync(Apps.Echo, options);
        using var client = new EngineClient(application.Address);
        await client.OpenPollingAsync();
        await client.PostAsync("40");
        await client.PollAsync();
        Socket server = application.Server.Of("/").Sockets.Single();

        for (int i = 0; i < 200; i++)
        {
            server.TrySend(SocketIOFrame.Event("/", "n", "1"u8)).ShouldBeTrue();
        }

        await Eventually.BeTrueAsync(() => !server.IsConnected);
        application.Log.Entries.ShouldContain(static entry => entry.Text.Contains("outbox overflow"));
    }

    [Fact]
    public async Task Frame_encoded_once_reaches_every_socket_of_its_namespace()
    {
        await using TestApplication application = await StartAsync(Apps.Echo);
        using var client = new EngineClient(application.Address);
        using EngineWebSocket first = await client.JoinAsync();
        using EngineWebSocket second = await client.JoinAsync();
        Frame frame = SocketIOFrame.Event("/", "te\"st\u0001ü", "{\"message\":1e400}"u8);

        foreach (Socket socket in application.Server.Of("/").Sockets)
        {
            socket.TrySend([frame, frame]).ShouldBeTrue();
        }

        foreach (EngineWebSocket socket in new[] { first, second, first, second })
        {
            (await socket.ReadAsync()).ShouldBe("42[\"te\\\"st\\u0001ü\",{\"message\":1e400}]");
        }
    }

    [Fact]
    public async Task Client_that_sends_faster_than_its_handler_works_is_not_read_from_and_loses_nothing()
    {
        var go = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        int handled = 0;
        await using TestApplication application = await StartAsync(server => server.Of("/").OnConnection(socket =>
        {
            socket.On("n", async _ =>
            {
                await go.Task;
                Interlocked.Increment(ref handled);
            });
            return ValueTask.CompletedTask;
        }));
        using var client = new EngineClient(application.Address);
        using EngineWebSocket socket = await client.JoinAsync();
        string packet = $"42[\"n\",\"{new string('x', 1000)}\"]";

        Task sending = Task.Run(async () =>
        {
            for (int i = 0; i < 5000; i++)
            {
                await socket.SendAsync(packet);
            }
        });
        go.SetResult();

        await sending;
        await Eventually.BeTrueAsync(() => Volatile.Read(ref handled) == 5000);
    }
}
