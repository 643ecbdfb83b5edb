using Carillon.Connections.Tests;
using Carillon.SocketIO.Cluster;
using Microsoft.Extensions.Logging;
using Shouldly;
using Xunit;

namespace Carillon.SocketIO.Tests.Cluster;

/// <summary>Two nodes, one of them with a transport, data or handlers that fail.</summary>
public sealed class ClusterFaultTests : IAsyncLifetime
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(4); // Before any timeout of a question.
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(20);
    private readonly LoopbackCluster _cluster = new();
    private readonly LoopbackFaults _faults = new();
    private TestApplication _here = null!;
    private TestApplication _there = null!;
    private EngineWebSocket _near = null!;
    private EngineWebSocket _far = null!;

    public async ValueTask InitializeAsync()
    {
        _here = await StartAsync(_cluster.Join(_faults));
        _there = await StartAsync(_cluster.Join());
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
    public async Task Value_that_cannot_be_serialized_stays_on_its_node_and_the_socket_is_told_without_it()
    {
        Socket far = _there.Server.Of("/").Sockets.Single();
        far.Data["name"] = "Far";
        far.Data["link"] = new Endless();

        IReadOnlyList<RemoteSocket> found = await _here.Server.FetchSocketsAsync().WaitAsync(Soon);

        found.Single(socket => socket.Id == far.Id).Data.Keys.ShouldBe(["name"]);
        _there.Log.Entries.ShouldContain(static entry => entry.Level == LogLevel.Warning && entry.Text.Contains("link"));
    }

    [Fact]
    public async Task Handler_that_fails_answers_nothing_but_is_not_waited_for()
    {
        _there.Server.Of("/").OnServerEvent("add", static _ => throw new InvalidOperationException("a fault"));

        (await _here.Server.Of("/").ServerSideEmitWithAckAsync<int>("add", [1], Longest).WaitAsync(Soon)).Answers.ShouldBeEmpty();
        _there.Log.Entries.ShouldContain(static entry => entry.Level == LogLevel.Error && entry.Text.Contains("a fault"));
    }

    [Theory]
    [InlineData(nameof(IClusterTransport.PublishAsync))]
    [InlineData(nameof(IClusterTransport.CountOthersAsync))]
    public async Task Answers_of_this_nodes_sockets_come_when_others_cannot_be_asked(string fails)
    {
        _faults.Fails = fails;
        string nearId = _here.Server.Of("/").Sockets.Single().Id;

        Task<BroadcastAnswers<string>> asking = _here.Server.EmitWithAckAsync<string>("ask", ["?"], Longest);
        string question = await _near.ReadAsync();
        await _near.SendAsync($"43{question[2..question.IndexOf('[', StringComparison.Ordinal)]}[\"near\"]");
        BroadcastAnswers<string> answers = await asking.WaitAsync(Soon);
        IReadOnlyList<RemoteSocket> found = await _here.Server.FetchSocketsAsync().WaitAsync(Soon);

        answers.Answers.ShouldBe(new Dictionary<string, string> { [nearId] = "near" });
        answers.SilentNodes.ShouldBe(1);
        found.Select(static socket => socket.Id).ShouldBe([nearId]);
        _here.Log.Entries.ShouldContain(static entry => entry.Level == LogLevel.Error && entry.Text.Contains("the line is cut"));
    }

    [Fact]
    public async Task Answer_that_comes_too_late_is_of_no_consequence()
    {
        var slow = new LoopbackFaults { Waits = nameof(IClusterTransport.SendAsync) };
        await using TestApplication third = await StartAsync(_cluster.Join(slow));
        _there.Server.Of("/").OnServerEvent("add", static received => Reply(received, 1));
        third.Server.Of("/").OnServerEvent("add", static received => Reply(received, 2));

        var time = new ManualTime();
        await using TestApplication asker = await TestApplication.StartAsync(static _ => { }, new SocketIOOptions { ClusterTransport = _cluster.Join() }, time);

        Task<ServerAnswers<int>> asking = asker.Server.Of("/").ServerSideEmitWithAckAsync<int>("add", [], TimeSpan.Zero);
        await Eventually.BeTrueAsync(() => _cluster.Answers == 2); // One of them says that it has no handler.
        time.Advance(TimeSpan.FromSeconds(2));
        ServerAnswers<int> answers = await asking.WaitAsync(Longest);
        slow.Gate.SetResult();
        ServerAnswers<int> next = await asker.Server.Of("/").ServerSideEmitWithAckAsync<int>("add", [], Longest).WaitAsync(Soon);

        answers.Answers.ShouldBe([1]);
        answers.SilentNodes.ShouldBe(1);
        next.SilentNodes.ShouldBe(0);
        next.Answers.ShouldBe([1, 2], ignoreOrder: true);
    }

    [Fact]
    public async Task Node_joins_the_others_when_its_handlers_are_there_and_what_it_sent_before_goes_out_then()
    {
        var heard = new TaskCompletionSource<string?>(TaskCreationOptions.RunContinuationsAsynchronously);
        _there.Server.Of("/").OnServerEvent("hello", received =>
        {
            heard.TrySetResult(received.GetArgument<string>(0));
            return ValueTask.CompletedTask;
        });
        int nodesMeanwhile = 0;
        ValueTask saying = default;
        await using TestApplication third = await TestApplication.StartAsync(
            io =>
            {
                saying = io.Of("/").ServerSideEmitAsync("hello", "from the third");
                nodesMeanwhile = _cluster.Nodes;
                io.Of("/").OnServerEvent("add", static received => Reply(received, 3));
            },
            new SocketIOOptions { ClusterTransport = _cluster.Join() });

        await saying.AsTask().WaitAsync(Soon);
        nodesMeanwhile.ShouldBe(2);
        (await heard.Task.WaitAsync(Soon)).ShouldBe("from the third");
        (await _there.Server.Of("/").ServerSideEmitWithAckAsync<int>("add", [], Longest).WaitAsync(Soon)).Answers.ShouldBe([3]);
    }

    [Fact]
    public async Task Node_whose_transport_does_not_start_serves_its_own_clients_and_says_so()
    {
        var faults = new LoopbackFaults { Fails = nameof(IClusterTransport.StartAsync) };
        await using TestApplication alone = await StartAsync(_cluster.Join(faults));
        using EngineWebSocket client = await JoinAsync(alone);

        await Should.ThrowAsync<IOException>(async () => await alone.Server.EmitAsync("n", 1));
        (await client.ReadAsync()).ShouldBe("42[\"n\",1]");
        (await alone.Server.FetchSocketsAsync().WaitAsync(Soon)).Count.ShouldBe(1);
        alone.Log.Entries.ShouldContain(static entry => entry.Level == LogLevel.Error && entry.Text.Contains("cluster transport"));
    }

    [Fact]
    public async Task Node_that_has_stopped_asks_and_tells_nobody_and_keeps_nobody_waiting()
    {
        _cluster.Silent = 1;
        Task<BroadcastAnswers<string>> asking = _there.Server.EmitWithAckAsync<string>("ask", [], TimeSpan.FromMilliseconds(1));
        Task<ServerAnswers<int>> waiting = _there.Server.Of("/").ServerSideEmitWithAckAsync<int>("add", [], Timeout.InfiniteTimeSpan);

        await _there.Server.DisposeAsync();

        (await waiting.WaitAsync(Soon)).Answers.ShouldBeEmpty();
        (await asking.WaitAsync(Soon)).SilentNodes.ShouldBeGreaterThan(0);
        await _there.Server.EmitAsync("n", 1);
        (await _there.Server.FetchSocketsAsync().WaitAsync(Soon)).Count.ShouldBe(1);
    }

    private static ValueTask Reply(ServerEvent received, int answer)
    {
        received.Reply(answer);
        return ValueTask.CompletedTask;
    }

    private static Task<TestApplication> StartAsync(IClusterTransport transport) =>
        TestApplication.StartAsync(static _ => { }, new SocketIOOptions { ClusterTransport = transport });

    private static async Task<EngineWebSocket> JoinAsync(TestApplication application)
    {
        using var client = new EngineClient(application.Address);
        return await client.JoinAsync();
    }

    /// <summary>An object that contains itself.</summary>
    private sealed class Endless
    {
        public Endless Self => this;
    }
}
