using Carillon.SocketIO.Recovery;
using Shouldly;
using Xunit;
using static Carillon.SocketIO.Tests.Recovery.RecoveringClient;

namespace Carillon.SocketIO.Tests.Recovery;

/// <summary>Who is recovered when some events are not kept any more: those of whom it is known that they missed none of these.</summary>
public sealed class RecoveryEdgeTests
{
    [Fact]
    public async Task Client_that_never_got_an_event_is_recovered_although_what_others_got_is_not_kept_any_more()
    {
        await using TestApplication application = await StartAsync(On(maxEvents: 1));
        (EngineWebSocket first, string sid, string pid) = await ConnectAsync(application);
        for (int i = 0; i < 3; i++)
        {
            await application.Server.To("others").EmitAsync("news", i);
        }

        await CutAsync(application.Server, first);

        (await ConnectAsync(application, pid)).Sid.ShouldBe(sid);
    }

    [Theory]
    [InlineData("2")]
    [InlineData("999999")]
    [InlineData("text of an event without offset")]
    public async Task Client_that_got_no_event_since_it_began_anew_is_recovered_with_an_offset_of_before(string offset)
    {
        await using TestApplication application = await StartAsync(On(maxEvents: 1));
        for (int i = 0; i < 5; i++)
        {
            await application.Server.EmitAsync("news", i);
        }

        (EngineWebSocket first, string sid, string pid) = await ConnectAsync(application, "unknown", offset);
        await CutAsync(application.Server, first);
        await application.Server.EmitAsync("news", "missed");

        (EngineWebSocket second, string sidAgain, _) = await ConnectAsync(application, pid, offset);

        sidAgain.ShouldBe(sid);
        (await second.ReadAsync()).ShouldBe("42[\"news\",\"missed\",\"6\"]");
    }

    [Theory]
    [InlineData(3, true)]
    [InlineData(2, false)]
    public async Task Client_that_lost_what_was_on_its_way_is_recovered_only_if_all_of_it_is_kept(int maxEvents, bool isRecovered)
    {
        await using TestApplication application = await StartAsync(On(maxEvents));
        (EngineWebSocket first, string sid, string pid) = await ConnectAsync(application);
        for (int i = 1; i <= 4; i++)
        {
            await application.Server.EmitAsync("news", i);
        }

        await CutAsync(application.Server, first);

        (EngineWebSocket second, string sidAgain, _) = await ConnectAsync(application, pid, "1"); // It has not got 2, 3 and 4, which were sent to it.

        (sidAgain == sid).ShouldBe(isRecovered);
        if (isRecovered)
        {
            (await second.ReadAsync()).ShouldBe("42[\"news\",2,\"2\"]");
        }
    }

    [Fact]
    public async Task Client_begins_anew_when_an_event_of_its_absence_is_not_kept_any_more_whoever_it_was_for()
    {
        await using TestApplication application = await StartAsync(On(maxEvents: 1));
        (EngineWebSocket first, string sid, string pid) = await ConnectAsync(application);
        await CutAsync(application.Server, first);
        await application.Server.To("others").EmitAsync("news", 1);
        await application.Server.To("others").EmitAsync("news", 2);

        (await ConnectAsync(application, pid)).Sid.ShouldNotBe(sid);
    }

    [Fact]
    public async Task Offset_of_before_a_restart_is_not_taken_for_one_of_now()
    {
        SocketIOOptions options = On(maxEvents: 100);
        string offset;
        await using (TestApplication before = await TestApplication.StartAsync(static _ => { }, options))
        {
            (EngineWebSocket socket, _, _) = await ConnectAsync(before);
            await before.Server.EmitAsync("news", 1);
            await before.Server.EmitAsync("news", 2);
            await socket.ReadAsync();
            offset = (await socket.ReadAsync()).Split('"')[^2];
        }

        await using TestApplication after = await TestApplication.StartAsync(static _ => { }, options);
        (EngineWebSocket first, string sid, string pid) = await ConnectAsync(after, "unknown", offset);
        for (int i = 0; i < 5; i++)
        {
            await after.Server.EmitAsync("news", i); // On their way when the connection is lost: the client still has the old offset.
        }

        await CutAsync(after.Server, first);

        (await ConnectAsync(after, pid, offset)).Sid.ShouldNotBe(sid);
    }

    [Fact]
    public async Task Session_of_another_namespace_is_not_taken_up()
    {
        await using TestApplication application = await StartAsync(On(maxEvents: 100));
        application.Server.Of("/other");
        (EngineWebSocket first, string sid, string pid) = await ConnectAsync(application);
        await CutAsync(application.Server, first);

        (EngineWebSocket second, string sidThere, string pidThere) = await ConnectAsync(application, pid, name: "/other");

        sidThere.ShouldNotBe(sid);
        pidThere.ShouldNotBe(pid);
        (await JoinAsync(second, pid)).Sid.ShouldBe(sid); // It is still there for its own.
    }

    [Fact]
    public async Task Event_for_a_room_that_a_check_put_a_socket_into_before_it_joined_is_not_missed()
    {
        var entered = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var goOn = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using TestApplication application = await StartAsync(On(maxEvents: 1));
        application.Server.Use(async (socket, _) =>
        {
            socket.Join("red");
            entered.TrySetResult();
            await goOn.Task;
            return null;
        });
        Task<(EngineWebSocket Socket, string Sid, string Pid)> connecting = ConnectAsync(application);
        await entered.Task;
        await application.Server.To("red").EmitAsync("news", 1);
        goOn.SetResult();
        (EngineWebSocket first, string sid, string pid) = await connecting;
        await application.Server.To("red").EmitAsync("news", 2);
        (await first.ReadAsync()).ShouldBe("42[\"news\",2,\"2\"]");
        await application.Server.To("others").EmitAsync("news", 3);
        await CutAsync(application.Server, first);

        (await ConnectAsync(application, pid, "2")).Sid.ShouldBe(sid);
    }

    private static SocketIOOptions On(int maxEvents) => new() { ConnectionStateRecovery = new ConnectionStateRecoveryOptions { MaxEvents = maxEvents } };
}
