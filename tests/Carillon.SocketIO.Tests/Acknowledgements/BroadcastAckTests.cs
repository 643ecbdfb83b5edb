using Shouldly;
using Xunit;

namespace Carillon.SocketIO.Tests.Acknowledgements;

public sealed class BroadcastAckTests
{
    private static readonly TimeSpan Long = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task All_have_answered_and_nobody_is_waited_for()
    {
        await using TestApplication application = await TestApplication.StartAsync(Apps.Echo);
        JoinedClient[] clients = await JoinedClient.OpenManyAsync(application, 3);

        Task<BroadcastAnswers<int>> asked = application.Server.EmitWithAckAsync<int>("ask", ["all"], Long);
        for (int i = 0; i < clients.Length; i++)
        {
            await clients[i].SendAsync($"43{await clients[i].ReadQuestionAsync("[\"ask\",\"all\"]")}[{i}]");
        }

        BroadcastAnswers<int> answers = await asked.WaitAsync(Long);
        answers.Missing.ShouldBeEmpty();
        answers.Answers.OrderBy(static pair => pair.Value).Select(static pair => pair.Key).ShouldBe(clients.Select(static client => client.Id));
        Close(clients);
    }

    [Fact]
    public async Task Who_did_not_answer_left_or_answered_nonsense_is_missing()
    {
        await using TestApplication application = await TestApplication.StartAsync(static server => server.OnConnection(static socket => socket.Join("asked")));
        JoinedClient[] clients = await JoinedClient.OpenManyAsync(application, 5);
        await application.AllAreInAsync("asked");

        Task<BroadcastAnswers<int>> asked = application.Server.To("asked").Except(clients[4].Id).EmitWithAckAsync<int>("ask", [], TimeSpan.FromSeconds(1));
        await clients[0].SendAsync($"43{await clients[0].ReadQuestionAsync("[\"ask\"]")}[0]");
        await clients[1].SendAsync($"43{await clients[1].ReadQuestionAsync("[\"ask\"]")}[\"nonsense\"]");
        await clients[2].SendAsync("41");

        BroadcastAnswers<int> answers = await asked;
        answers.Answers.ShouldBe([KeyValuePair.Create(clients[0].Id, 0)]);
        answers.Missing.Order().ShouldBe(new[] { clients[1].Id, clients[2].Id, clients[3].Id }.Order());
        Close(clients);
    }

    [Fact]
    public async Task Nobody_to_ask_is_an_answer_at_once()
    {
        await using TestApplication application = await TestApplication.StartAsync(Apps.Echo);

        BroadcastAnswers<int> answers = await application.Server.To("nobody").EmitWithAckAsync<int>("ask", [], Timeout.InfiniteTimeSpan).WaitAsync(Long);

        answers.Answers.ShouldBeEmpty();
        answers.Missing.ShouldBeEmpty();
    }

    [Fact]
    public async Task Socket_that_is_still_being_checked_is_not_asked()
    {
        var release = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using TestApplication application = await TestApplication.StartAsync(server => server.Use(async (socket, _) =>
        {
            socket.Join("asked");
            await release.Task;
            return null;
        }));
        using var client = new EngineClient(application.Address);
        using EngineWebSocket socket = await client.OpenWebSocketAsync();
        await socket.ReadAsync();
        await socket.SendAsync("40");
        await Eventually.BeTrueAsync(() => application.Server.Of("/").Rooms.Contains("asked"));

        BroadcastAnswers<int> answers = await application.Server.To("asked").EmitWithAckAsync<int>("ask", [], Long);

        answers.Missing.ShouldBeEmpty();
        release.SetResult();
        (await socket.ReadAsync()).ShouldStartWith("40{");
    }

    [Fact]
    public async Task Cancellation_ends_the_waiting()
    {
        await using TestApplication application = await TestApplication.StartAsync(Apps.Echo);
        using JoinedClient client = await JoinedClient.OpenAsync(application);
        using var cancellation = new CancellationTokenSource();

        Task<BroadcastAnswers<int>> asked = application.Server.EmitWithAckAsync<int>("ask", [], Timeout.InfiniteTimeSpan, cancellation.Token);
        await client.ReadQuestionAsync("[\"ask\"]");
        await cancellation.CancelAsync();

        await Should.ThrowAsync<OperationCanceledException>(asked);
    }

    [Fact]
    public async Task Exception_of_an_answers_own_type_counts_as_no_answer()
    {
        await using TestApplication application = await TestApplication.StartAsync(Apps.Echo);
        using JoinedClient client = await JoinedClient.OpenAsync(application);

        Task<BroadcastAnswers<Uri>> asked = application.Server.EmitWithAckAsync<Uri>("ask", [], Long);
        await client.SendAsync($"43{await client.ReadQuestionAsync("[\"ask\"]")}[5]");
        (await asked).Missing.ShouldBe([client.Id]);

        Task<BroadcastAnswers<Picky>> second = application.Server.EmitWithAckAsync<Picky>("ask", [], Long);
        await client.SendAsync($"43{await client.ReadQuestionAsync("[\"ask\"]")}[{{\"text\":\"\"}}]");

        (await second).Missing.ShouldBe([client.Id]);
        (await client.AskAsync("421[\"ack\",1]")).ShouldBe("431[1]");
    }

    private static void Close(JoinedClient[] clients) => Array.ForEach(clients, static client => client.Dispose());

    private sealed record Picky
    {
        public Picky(string text)
        {
            ArgumentException.ThrowIfNullOrEmpty(text);
            Text = text;
        }

        public string Text { get; }
    }
}
