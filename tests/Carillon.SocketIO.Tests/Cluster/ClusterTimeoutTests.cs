using Carillon.Connections.Tests;
using Carillon.SocketIO.Cluster;
using Shouldly;
using Xunit;

namespace Carillon.SocketIO.Tests.Cluster;

/// <summary>Questions to other nodes through a transport that hangs, by a clock that the test moves.</summary>
public sealed class ClusterTimeoutTests
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(7); // Beyond any question below, and what is added for the way.
    private readonly LoopbackCluster _cluster = new() { Silent = 1 };
    private readonly LoopbackFaults _faults = new();
    private readonly ManualTime _time = new();

    [Theory]
    [InlineData(nameof(IClusterTransport.StartAsync))]
    [InlineData(nameof(IClusterTransport.CountOthersAsync))]
    [InlineData(nameof(IClusterTransport.PublishAsync))]
    public async Task Question_ends_in_time_with_the_answers_of_this_node_whatever_hangs(string waits)
    {
        _faults.Waits = waits;
        await using TestApplication application = await StartAsync(static _ => { });
        using var client = new EngineClient(application.Address);
        using EngineWebSocket socket = await client.JoinAsync();

        Task<IReadOnlyList<RemoteSocket>> fetching = application.Server.FetchSocketsAsync();
        Task<ServerAnswers<int>> telling = application.Server.Of("/").ServerSideEmitWithAckAsync<int>("add", [], TimeSpan.FromSeconds(2));
        Task<BroadcastAnswers<int>> asking = application.Server.EmitWithAckAsync<int>("ask", [], TimeSpan.FromSeconds(2));
        string question = await socket.ReadAsync();
        await socket.SendAsync($"43{question[2..question.IndexOf('[', StringComparison.Ordinal)]}[5]");
        fetching.IsCompleted.ShouldBeFalse();
        _time.Advance(Longest);

        (await fetching.WaitAsync(Soon)).Count.ShouldBe(1);
        (await telling.WaitAsync(Soon)).Answers.ShouldBeEmpty();
        (await telling).SilentNodes.ShouldBe(1);
        (await asking.WaitAsync(Soon)).SilentNodes.ShouldBe(1);
    }

    [Fact]
    public async Task Waiting_while_the_server_is_set_up_ends()
    {
        Task<ServerAnswers<int>>? answered = null;
        await using TestApplication application = await Task.Run(() => StartAsync(io =>
        {
            answered = io.Of("/").ServerSideEmitWithAckAsync<int>("add", [], TimeSpan.FromSeconds(2));
            _time.Advance(Longest);
            Wait(io.EmitAsync("n", 1).AsTask());
            Wait(answered);
        })).WaitAsync(Soon);

        (await answered!).Answers.ShouldBeEmpty();

        static void Wait(Task task) => ((IAsyncResult)task).AsyncWaitHandle.WaitOne(Soon).ShouldBeTrue();
    }

    private Task<TestApplication> StartAsync(Action<SocketIOServer> configure) =>
        TestApplication.StartAsync(configure, new SocketIOOptions { ClusterTransport = _cluster.Join(_faults) }, _time);
}
