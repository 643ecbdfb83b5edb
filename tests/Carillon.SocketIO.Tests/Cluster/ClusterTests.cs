using System.Text.Json;
using Shouldly;
using Xunit;

namespace Carillon.SocketIO.Tests.Cluster;

public sealed class ClusterTests : IAsyncLifetime
{
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(20);
    private readonly LoopbackCluster _cluster = new();
    private TestApplication _here = null!;
    private TestApplication _there = null!;
    private EngineWebSocket _near = null!;
    private EngineWebSocket _far = null!;

    private Socket Near => _here.Server.Of("/").Sockets.Single();

    private Socket Far => _there.Server.Of("/").Sockets.Single();

    public async ValueTask InitializeAsync()
    {
        _here = await StartAsync();
        _there = await StartAsync();
        _near = await JoinAsync(_here);
        _far = await JoinAsync(_there);
    }

    public async ValueTask DisposeAsync()
    {
        _near.Dispose();
        _far.Dispose();
        await _here.DisposeAsync();
        await _there.DisposeAsync();
    }

    [Fact]
    public async Task Broadcast_reaches_the_sockets_of_all_nodes()
    {
        await _here.Server.EmitAsync("news", "text", new byte[] { 7 });

        foreach (EngineWebSocket socket in new[] { _near, _far })
        {
            (await socket.ReadAsync()).ShouldBe("451-[\"news\",\"text\",{\"_placeholder\":true,\"num\":0}]");
            (await socket.ReadBinaryAsync()).ShouldBe([7]);
        }
    }

    [Fact]
    public async Task Rooms_and_exceptions_count_on_every_node()
    {
        Near.Join("red");
        Far.Join("red");
        Far.Join("shy");

        await _here.Server.To("red").Except("shy").EmitAsync("n", 1);
        await _here.Server.To(Far.Id).EmitAsync("n", 2);
        await Near.Broadcast.EmitAsync("n", 3);
        await _here.Server.EmitAsync("n", 4);

        (await _near.ReadAsync()).ShouldBe("42[\"n\",1]");
        (await _near.ReadAsync()).ShouldBe("42[\"n\",4]");
        (await _far.ReadAsync()).ShouldBe("42[\"n\",2]");
        (await _far.ReadAsync()).ShouldBe("42[\"n\",3]");
    }

    [Fact]
    public async Task Local_events_stay_on_their_node()
    {
        await _here.Server.Local.EmitAsync("n", 1);
        await _here.Server.EmitAsync("n", 2);

        (await _near.ReadAsync()).ShouldBe("42[\"n\",1]");
        (await _far.ReadAsync()).ShouldBe("42[\"n\",2]");
    }

    [Fact]
    public async Task Acknowledgements_come_from_all_nodes_and_missing_ones_are_named()
    {
        using EngineWebSocket mute = await JoinAsync(_there);
        string muteId = _there.Server.Of("/").Sockets.Single(socket => socket.Id != FarId()).Id;
        string nearId = Near.Id;

        Task<BroadcastAnswers<string>> asking = _here.Server.EmitWithAckAsync<string>("ask", ["?"], TimeSpan.FromSeconds(1));
        await AnswerAsync(_near, "near");
        await AnswerAsync(_far, "far");
        BroadcastAnswers<string> answers = await asking.WaitAsync(Longest);

        answers.Answers.ShouldBe(new Dictionary<string, string> { [nearId] = "near", [FarId()] = "far" }, ignoreOrder: true);
        answers.Missing.ShouldBe([muteId]);
    }

    [Fact]
    public async Task Sockets_of_all_nodes_are_found_moved_and_disconnected()
    {
        Far.Data["name"] = "Far";
        Far.Join("red");

        IReadOnlyList<RemoteSocket> all = await _here.Server.FetchSocketsAsync();
        RemoteSocket far = all.Single(socket => socket.Id == Far.Id);
        all.Select(static socket => socket.Id).ShouldBe([Near.Id, Far.Id], ignoreOrder: true);
        far.Rooms.ShouldBe([Far.Id, "red"]);
        far.Data["name"].ShouldBeOfType<JsonElement>().GetString().ShouldBe("Far");
        far.Transport.ShouldBe("websocket");

        await far.EmitAsync("to you");
        (await _far.ReadAsync()).ShouldBe("42[\"to you\"]");
        await _here.Server.In("red").SocketsJoinAsync("blue", "green");
        Far.Rooms.ShouldBe([Far.Id, "red", "blue", "green"]);
        await far.LeaveAsync("red", "green");
        Far.Rooms.ShouldBe([Far.Id, "blue"]);
        await _here.Server.In("blue").DisconnectSocketsAsync();
        (await _far.ReadAsync()).ShouldBe("41");
        (await _here.Server.FetchSocketsAsync()).Select(static socket => socket.Id).ShouldBe([Near.Id]);
    }

    [Fact]
    public async Task Server_events_reach_the_other_nodes_and_their_answers_come_back()
    {
        _here.Server.Of("/").OnServerEvent("add", static _ => throw new InvalidOperationException("not for the sender"));
        _there.Server.Of("/").OnServerEvent("add", static received =>
        {
            received.Reply(received.GetArgument<int>(0) + received.GetArgument<int>(1));
            return ValueTask.CompletedTask;
        });

        ServerAnswers<int> sums = await _here.Server.Of("/").ServerSideEmitWithAckAsync<int>("add", [2, 3], Longest);
        ServerAnswers<int> nobody = await _here.Server.Of("/").ServerSideEmitWithAckAsync<int>("unheard of", [], Longest);

        sums.Answers.ShouldBe([5]);
        sums.SilentNodes.ShouldBe(0);
        nobody.Answers.ShouldBeEmpty();
        nobody.SilentNodes.ShouldBe(0);
    }

    [Fact]
    public async Task Server_answer_of_another_type_is_left_out_and_costs_no_other()
    {
        await using TestApplication third = await StartAsync();
        _there.Server.Of("/").OnServerEvent("count", static received =>
        {
            received.Reply("many");
            return ValueTask.CompletedTask;
        });
        third.Server.Of("/").OnServerEvent("count", static received =>
        {
            received.Reply(3);
            return ValueTask.CompletedTask;
        });

        (await _here.Server.Of("/").ServerSideEmitWithAckAsync<int>("count", [], Longest)).Answers.ShouldBe([3]);

        _here.Log.Entries.ShouldContain(static entry => entry.Text.Contains("The cluster answer handler of namespace / failed"));
    }

    [Fact]
    public async Task Node_that_does_not_answer_costs_the_timeout_and_nothing_else()
    {
        _cluster.Silent = 1;

        BroadcastAnswers<string> answers = await AskAsync();

        answers.Answers.Count.ShouldBe(2);
        answers.Missing.ShouldBeEmpty();

        async Task<BroadcastAnswers<string>> AskAsync()
        {
            Task<BroadcastAnswers<string>> asking = _here.Server.EmitWithAckAsync<string>("ask", ["?"], TimeSpan.FromMilliseconds(200));
            await AnswerAsync(_near, "near");
            await AnswerAsync(_far, "far");
            return await asking.WaitAsync(Longest);
        }
    }

    [Fact]
    public async Task Family_reaches_its_namespaces_on_every_node()
    {
        SocketNamespaceFamily here = _here.Server.Of(new System.Text.RegularExpressions.Regex("^/room-"));
        _there.Server.Of(new System.Text.RegularExpressions.Regex("^/room-"));
        await _far.SendAsync("40/room-9");
        (await _far.ReadAsync()).ShouldStartWith("40/room-9,{");

        await here.EmitAsync("n", 1);

        (await _far.ReadAsync()).ShouldBe("42/room-9,[\"n\",1]");
    }

    private string FarId() => _there.Server.Of("/").Sockets.OrderBy(static socket => socket.ConnectedAt).First().Id;

    private static async Task AnswerAsync(EngineWebSocket socket, string answer)
    {
        string packet = await socket.ReadAsync();
        packet.ShouldEndWith("[\"ask\",\"?\"]");
        string id = packet[2..packet.IndexOf('[', StringComparison.Ordinal)];
        await socket.SendAsync($"43{id}[\"{answer}\"]");
    }

    private Task<TestApplication> StartAsync() =>
        TestApplication.StartAsync(static _ => { }, new SocketIOOptions { ClusterTransport = _cluster.Join() });

    private static async Task<EngineWebSocket> JoinAsync(TestApplication application)
    {
        using var client = new EngineClient(application.Address);
        return await client.JoinAsync();
    }
}
