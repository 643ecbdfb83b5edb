using System.Text.Json;
using Carillon.SocketIO.Recovery;
using Shouldly;
using Xunit;
using static Carillon.SocketIO.Tests.Recovery.RecoveringClient;

namespace Carillon.SocketIO.Tests.Recovery;

public sealed class RecoveryTests
{
    private static readonly SocketIOOptions On = new() { ConnectionStateRecovery = new ConnectionStateRecoveryOptions() };

    [Fact]
    public async Task Client_that_comes_back_gets_id_rooms_data_and_the_events_it_missed()
    {
        await using TestApplication application = await StartAsync(On);
        SocketIOServer io = application.Server;
        (EngineWebSocket first, string sid, string pid) = await ConnectAsync(application);
        await io.EmitAsync("news", "one");
        (await first.ReadAsync()).ShouldBe("42[\"news\",\"one\",\"1\"]");
        Socket left = io.Of("/").Sockets.Single();
        left.Join("red");
        left.Data["name"] = "Ann";
        await CutAsync(io, first);

        await io.EmitAsync("news", "two");
        await io.To("red").EmitAsync("news", "three");
        await io.To("blue").EmitAsync("news", "for others");
        await io.To(sid).EmitAsync("news", new byte[] { 1, 2 });
        await io.Except("red").EmitAsync("news", "not for red");
        (EngineWebSocket second, string sidAgain, string pidAgain) = await ConnectAsync(application, pid, "1");

        (sidAgain, pidAgain).ShouldBe((sid, pid));
        (await second.ReadAsync()).ShouldBe("42[\"news\",\"two\",\"2\"]");
        (await second.ReadAsync()).ShouldBe("42[\"news\",\"three\",\"3\"]");
        (await second.ReadAsync()).ShouldBe("451-[\"news\",{\"_placeholder\":true,\"num\":0},\"5\"]");
        (await second.ReadBinaryAsync()).ShouldBe([1, 2]);
        Socket back = io.Of("/").Sockets.Single();
        back.Recovered.ShouldBeTrue();
        back.Rooms.ShouldBe([sid, "red"]);
        back.Data["name"].ShouldBe("Ann");
        await io.EmitAsync("news", "live");
        (await second.ReadAsync()).ShouldBe("42[\"news\",\"live\",\"7\"]");
    }

    [Fact]
    public async Task Without_recovery_the_answer_holds_the_id_alone_and_events_carry_no_offset()
    {
        await using TestApplication application = await StartAsync(new SocketIOOptions());
        using var client = new EngineClient(application.Address);
        using EngineWebSocket socket = await client.OpenWebSocketAsync();
        await socket.ReadAsync();
        await socket.SendAsync("40{\"pid\":\"x\",\"offset\":\"1\"}");

        JsonElement answer = JsonDocument.Parse((await socket.ReadAsync()).AsMemory(2)).RootElement;
        await application.Server.EmitAsync("news", 1);

        answer.EnumerateObject().Select(static property => property.Name).ShouldBe(["sid"]);
        (await socket.ReadAsync()).ShouldBe("42[\"news\",1]");
    }

    [Fact]
    public async Task Client_that_missed_nothing_is_recovered_although_its_last_event_is_not_kept_any_more()
    {
        await using TestApplication application = await StartAsync(OnWith(maxBytes: 1));
        (EngineWebSocket first, string sid, string pid) = await ConnectAsync(application);
        await application.Server.EmitAsync("news", 1);
        await first.ReadAsync();
        await application.Server.To("others").EmitAsync("news", "for others");
        await CutAsync(application.Server, first);

        (EngineWebSocket _, string sidAgain, string _) = await ConnectAsync(application, pid, "1");

        sidAgain.ShouldBe(sid);
    }

    [Theory]
    [InlineData("1")]
    [InlineData("99")]
    [InlineData("-1")]
    [InlineData("no offset of ours")]
    public async Task Client_whose_missed_events_are_not_known_begins_anew(string offset)
    {
        await using TestApplication application = await StartAsync(OnWith(maxBytes: 1));
        (EngineWebSocket first, string sid, string pid) = await ConnectAsync(application);
        await application.Server.EmitAsync("news", 1);
        await first.ReadAsync();
        await CutAsync(application.Server, first);
        await application.Server.EmitAsync("news", "missed");

        (EngineWebSocket _, string sidAgain, string pidAgain) = await ConnectAsync(application, pid, offset);

        sidAgain.ShouldNotBe(sid);
        pidAgain.ShouldNotBe(pid);
        application.Server.Of("/").Sockets.Single().Recovered.ShouldBeFalse();
    }

    [Fact]
    public async Task Client_that_has_had_no_event_is_recovered_with_all_since_it_joined()
    {
        await using TestApplication application = await StartAsync(On);
        (EngineWebSocket first, string sid, string pid) = await ConnectAsync(application);
        await CutAsync(application.Server, first);
        await application.Server.EmitAsync("news", "missed");

        (EngineWebSocket second, string sidAgain, string _) = await ConnectAsync(application, pid, offset: null);

        sidAgain.ShouldBe(sid);
        (await second.ReadAsync()).ShouldBe("42[\"news\",\"missed\",\"1\"]");
    }

    [Fact]
    public async Task Volatile_event_carries_an_offset_and_is_not_delivered_later()
    {
        await using TestApplication application = await StartAsync(On);
        (EngineWebSocket first, string sid, string pid) = await ConnectAsync(application);
        await Eventually.BeTrueAsync(() => application.Server.Of("/").Sockets.Single().QueuedFrames == 0);
        await application.Server.Volatile.EmitAsync("tick", "text");
        (await first.ReadAsync()).ShouldBe("42[\"tick\",\"text\",\"1\"]");
        await CutAsync(application.Server, first);
        await application.Server.Volatile.EmitAsync("tick", "unheard");
        await application.Server.EmitAsync("news", "kept");

        (EngineWebSocket second, string sidAgain, string _) = await ConnectAsync(application, pid, "1");

        sidAgain.ShouldBe(sid);
        (await second.ReadAsync()).ShouldBe("42[\"news\",\"kept\",\"3\"]");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Socket_that_left_its_namespace_is_not_recovered(bool byServer)
    {
        await using TestApplication application = await StartAsync(On);
        (EngineWebSocket first, string sid, string pid) = await ConnectAsync(application);
        if (byServer)
        {
            application.Server.Of("/").Sockets.Single().Disconnect();
        }
        else
        {
            await first.SendAsync("41");
        }

        await Eventually.BeTrueAsync(() => application.Server.Of("/").SocketCount == 0);

        (EngineWebSocket _, string sidAgain, string _) = await ConnectAsync(application, pid, offset: null);

        sidAgain.ShouldNotBe(sid);
    }

    [Fact]
    public async Task Connection_that_still_seems_to_live_gives_way_to_its_clients_new_one()
    {
        await using TestApplication application = await StartAsync(On);
        (EngineWebSocket _, string sid, string pid) = await ConnectAsync(application);

        (EngineWebSocket _, string sidAgain, string _) = await ConnectAsync(application, pid, offset: null);

        sidAgain.ShouldBe(sid);
        application.Server.Of("/").SocketCount.ShouldBe(1);
    }

    [Theory]
    [InlineData(true, 1)]
    [InlineData(false, 2)]
    public async Task Checks_are_skipped_for_a_recovered_client_where_the_setting_says_so(bool skips, int expected)
    {
        int checks = 0;
        var options = new SocketIOOptions { ConnectionStateRecovery = new ConnectionStateRecoveryOptions { SkipMiddlewares = skips } };
        await using TestApplication application = await StartAsync(options);
        application.Server.Use((_, _) =>
        {
            Interlocked.Increment(ref checks);
            return new ValueTask<ConnectRefusal?>((ConnectRefusal?)null);
        });
        (EngineWebSocket first, string sid, string pid) = await ConnectAsync(application);
        await CutAsync(application.Server, first);

        (EngineWebSocket _, string sidAgain, string _) = await ConnectAsync(application, pid, offset: null);

        sidAgain.ShouldBe(sid);
        checks.ShouldBe(expected);
    }

    [Fact]
    public async Task Client_that_missed_more_than_its_outbox_takes_begins_anew_and_stays()
    {
        SocketIOOptions options = new() { ConnectionStateRecovery = new ConnectionStateRecoveryOptions() };
        options.Outbox = new Carillon.Connections.OutboxOptions { MaxFrames = 8, BurstTime = TimeSpan.Zero };
        await using TestApplication application = await StartAsync(options);
        (EngineWebSocket first, string sid, string pid) = await ConnectAsync(application);
        await CutAsync(application.Server, first);
        for (int i = 0; i < 20; i++)
        {
            await application.Server.EmitAsync("news", i);
        }

        (EngineWebSocket second, string sidAgain, string _) = await ConnectAsync(application, pid);

        sidAgain.ShouldNotBe(sid);
        await application.Server.EmitAsync("news", "live");
        (await second.ReadAsync()).ShouldBe("42[\"news\",\"live\",\"21\"]");
    }

    [Fact]
    public async Task What_a_check_has_just_set_is_not_replaced_by_what_the_session_had()
    {
        var options = new SocketIOOptions { ConnectionStateRecovery = new ConnectionStateRecoveryOptions { SkipMiddlewares = false } };
        await using TestApplication application = await StartAsync(options);
        string role = "admin";
        application.Server.Use((socket, _) =>
        {
            socket.Data["role"] = role;
            return new ValueTask<ConnectRefusal?>((ConnectRefusal?)null);
        });
        (EngineWebSocket first, string sid, string pid) = await ConnectAsync(application);
        application.Server.Of("/").Sockets.Single().Data["name"] = "Ann";
        await CutAsync(application.Server, first);
        role = "guest";

        (EngineWebSocket _, string sidAgain, string _) = await ConnectAsync(application, pid);

        sidAgain.ShouldBe(sid);
        IDictionary<string, object?> data = application.Server.Of("/").Sockets.Single().Data;
        (data["role"], data["name"]).ShouldBe(("guest", "Ann"));
    }

    [Fact]
    public async Task Client_that_a_check_refused_may_still_take_up_its_session()
    {
        var options = new SocketIOOptions { ConnectionStateRecovery = new ConnectionStateRecoveryOptions { SkipMiddlewares = false } };
        await using TestApplication application = await StartAsync(options);
        bool refuses = false;
        application.Server.Use((_, _) => refuses ? throw new TimeoutException("the directory does not answer") : new ValueTask<ConnectRefusal?>((ConnectRefusal?)null));
        (EngineWebSocket first, string sid, string pid) = await ConnectAsync(application);
        await CutAsync(application.Server, first);
        refuses = true;
        using var client = new EngineClient(application.Address);
        using EngineWebSocket refused = await client.OpenWebSocketAsync();
        await refused.ReadAsync();
        await refused.SendAsync($"40{{\"pid\":\"{pid}\"}}");
        (await refused.ReadAsync()).ShouldBe("44{\"message\":\"internal error\"}");
        refuses = false;

        (EngineWebSocket _, string sidAgain, string _) = await ConnectAsync(application, pid);

        sidAgain.ShouldBe(sid);
    }

    [Fact]
    public async Task Sessions_beyond_the_limit_are_forgotten_oldest_first()
    {
        var options = new SocketIOOptions { ConnectionStateRecovery = new ConnectionStateRecoveryOptions { MaxSessions = 2 } };
        await using TestApplication application = await StartAsync(options);
        List<(string Sid, string Pid)> left = [];
        for (int i = 0; i < 3; i++)
        {
            (EngineWebSocket socket, string sid, string pid) = await ConnectAsync(application);
            await CutAsync(application.Server, socket);
            left.Add((sid, pid));
        }

        (await ConnectAsync(application, left[2].Pid)).Sid.ShouldBe(left[2].Sid);
        (await ConnectAsync(application, left[1].Pid)).Sid.ShouldBe(left[1].Sid);
        (await ConnectAsync(application, left[0].Pid)).Sid.ShouldNotBe(left[0].Sid);
    }

    [Fact]
    public async Task Namespace_of_a_family_waits_for_a_client_that_lost_its_connection_and_goes_with_one_that_left()
    {
        await using TestApplication application = await StartAsync(On);
        SocketNamespaceFamily family = application.Server.Of(new System.Text.RegularExpressions.Regex("^/room-"));
        (EngineWebSocket first, string _, string _) = await ConnectAsync(application);
        string sid = await JoinAsync(first, "/room-1");
        string pid = family.Find("/room-1")!.Sockets.Single().PrivateId!;
        await CutAsync(application.Server, first);

        await family.EmitAsync("news", "missed");
        (EngineWebSocket second, string _, string _) = await ConnectAsync(application);
        (await JoinAsync(second, $"/room-1,{{\"pid\":\"{pid}\"}}")).ShouldBe(sid);
        (await second.ReadAsync()).ShouldBe("42/room-1,[\"news\",\"missed\",\"1\"]");
        await JoinAsync(second, "/room-2");
        await second.SendAsync("41/room-2");

        await Eventually.BeTrueAsync(() => family.Find("/room-2") is null);
        family.Find("/room-1").ShouldNotBeNull();

        static async Task<string> JoinAsync(EngineWebSocket socket, string connect)
        {
            await socket.SendAsync("40" + connect);
            string answer = await socket.ReadAsync();
            return JsonDocument.Parse(answer.AsMemory(answer.IndexOf('{', StringComparison.Ordinal))).RootElement.GetProperty("sid").GetString()!;
        }
    }

    private static SocketIOOptions OnWith(int maxBytes) =>
        new() { ConnectionStateRecovery = new ConnectionStateRecoveryOptions { MaxBytes = maxBytes } };
}
