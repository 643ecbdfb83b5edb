using Microsoft.Extensions.Logging;
using Shouldly;
using Xunit;

namespace Carillon.SocketIO.Tests.Acknowledgements;

public sealed class EmitWithAckTests
{
    private static readonly TimeSpan Long = TimeSpan.FromSeconds(30);

    [Theory]
    [InlineData("[5]", 5)]
    [InlineData("[5,\"ignored\"]", 5)]
    public async Task Answer_is_the_acknowledgements_first_argument(string data, int answer)
    {
        await using TestApplication application = await TestApplication.StartAsync(Apps.Echo);
        using JoinedClient client = await JoinedClient.OpenAsync(application);

        Task<int> asked = TheSocket(application).EmitWithAckAsync<int>("ask", ["why", 1], Long);
        string id = await client.ReadQuestionAsync("[\"ask\",\"why\",1]");
        await client.SendAsync($"43{id}{data}");

        (await asked).ShouldBe(answer);
    }

    [Fact]
    public async Task Acknowledgement_without_arguments_is_null()
    {
        await using TestApplication application = await TestApplication.StartAsync(Apps.Echo);
        using JoinedClient client = await JoinedClient.OpenAsync(application);

        Task<string?> asked = TheSocket(application).EmitWithAckAsync<string?>("ask", [], Long);
        await client.SendAsync($"43{await client.ReadQuestionAsync("[\"ask\"]")}[]");

        (await asked).ShouldBeNull();
    }

    [Fact]
    public async Task Binary_goes_both_ways()
    {
        await using TestApplication application = await TestApplication.StartAsync(Apps.Echo);
        using JoinedClient client = await JoinedClient.OpenAsync(application, "/custom");

        Task<byte[]> asked = application.Server.Of("/custom").Sockets.Single().EmitWithAckAsync<byte[]>("ask", [new byte[] { 1, 2 }], Long);
        string packet = await client.ReadAsync();
        packet.ShouldStartWith("451-/custom,");
        packet.ShouldEndWith("""["ask",{"_placeholder":true,"num":0}]""");
        (await client.ReadBinaryAsync()).ShouldBe([1, 2]);
        string id = packet["451-/custom,".Length..packet.IndexOf('[', StringComparison.Ordinal)];
        await client.SendAsync($$"""461-/custom,{{id}}[{"_placeholder":true,"num":0}]""");
        await client.SendBinaryAsync(3, 4, 5);

        (await asked).ShouldBe([3, 4, 5]);
    }

    [Fact]
    public async Task No_answer_in_time_is_a_timeout_and_a_late_one_is_ignored()
    {
        await using TestApplication application = await TestApplication.StartAsync(Apps.Echo);
        using JoinedClient client = await JoinedClient.OpenAsync(application);

        await Should.ThrowAsync<TimeoutException>(TheSocket(application).EmitWithAckAsync<int>("ask", [], TimeSpan.FromMilliseconds(20)));
        string id = await client.ReadQuestionAsync("[\"ask\"]");
        await client.SendAsync($"43{id}[5]");

        (await client.AskAsync("421[\"ack\",1]")).ShouldBe("431[1]");
    }

    [Fact]
    public async Task Handler_that_gets_no_answer_in_time_is_told_of_in_one_line_and_who_sent_the_event_learns_why()
    {
        await using TestApplication application = await TestApplication.StartAsync(static server => server.OnConnection(static socket =>
            socket.On("wait", async (int _) => await socket.EmitWithAckAsync<int>("ask", [], TimeSpan.FromMilliseconds(20)))));
        using JoinedClient client = await JoinedClient.OpenAsync(application);

        await client.SendAsync("421[\"wait\",1]");
        await client.ReadQuestionAsync("[\"ask\"]");

        (await client.ReadAsync()).ShouldBe("431[{\"error\":\"no usable answer from a client that was asked\"}]");
        await Eventually.BeTrueAsync(() => application.Log.Entries.Any(static entry => entry.Text.Contains("did not answer \"ask\" in time"))); // Told after it was answered.
        application.Log.Entries.ShouldNotContain(static entry => entry.Level >= LogLevel.Error);
    }

    [Fact]
    public async Task Socket_that_leaves_answers_no_more()
    {
        await using TestApplication application = await TestApplication.StartAsync(Apps.Echo);
        using JoinedClient client = await JoinedClient.OpenAsync(application);
        Socket socket = TheSocket(application);

        Task<int> asked = socket.EmitWithAckAsync<int>("ask", [], Long);
        await client.SendAsync("41");

        (await Should.ThrowAsync<SocketDisconnectedException>(asked)).Reason!.Value.Cause.ShouldBe(DisconnectCause.ClientNamespaceDisconnect);
        (await Should.ThrowAsync<SocketDisconnectedException>(socket.EmitWithAckAsync<int>("ask", [], Long))).Reason.ShouldBeNull();
    }

    [Theory]
    [InlineData("[\"five\"]", "a string; expected a whole number in range")]
    [InlineData("[1.5]", "a number; expected a whole number in range")]
    [InlineData("[null]", "null; expected a whole number in range")]
    [InlineData("[]", "null; expected a whole number in range")]
    [InlineData("[{\"_placeholder\":true,\"num\":0}]", "binary data; expected a whole number in range")]
    public async Task Answer_of_another_shape_is_an_exception_that_names_it_and_what_was_expected(string data, string problem)
    {
        await using TestApplication application = await TestApplication.StartAsync(Apps.Echo);
        using JoinedClient client = await JoinedClient.OpenAsync(application);

        Task<int> asked = TheSocket(application).EmitWithAckAsync<int>("ask", [], Long);
        await client.SendAsync($"43{await client.ReadQuestionAsync("[\"ask\"]")}{data}");

        SocketAnswerException error = await Should.ThrowAsync<SocketAnswerException>(asked);
        error.Message.ShouldBe($"Socket {client.Id} answered \"ask\" with {problem}.");
        error.SocketId.ShouldBe(client.Id);
        error.InnerException.ShouldNotBeNull();
        (await client.AskAsync("421[\"ack\",1]")).ShouldBe("431[1]");
    }

    [Fact]
    public async Task Argument_of_a_whole_answer_that_is_of_another_shape_is_named_by_its_number_and_place()
    {
        await using TestApplication application = await TestApplication.StartAsync(Apps.Echo);
        using JoinedClient client = await JoinedClient.OpenAsync(application);

        Task<SocketAnswer> asked = TheSocket(application).EmitWithAckAsync<SocketAnswer>("ask", [], Long);
        await client.SendAsync($"43{await client.ReadQuestionAsync("[\"ask\"]")}[1.0,{{\"value\":[]}}]");
        SocketAnswer answer = await asked;

        answer.GetArgument<int>(0).ShouldBe(1);
        Should.Throw<SocketAnswerException>(() => answer.GetArgument<Percentage>(1)).Message
            .ShouldBe($"Socket {client.Id} answered \"ask\" with an object as argument 2; expected at $.value an object of the kind Percentage.");
        Should.Throw<SocketAnswerException>(() => answer.GetArgument<int>(2)).Message
            .ShouldBe($"Socket {client.Id} answered \"ask\" with null as argument 3; expected a whole number in range.");
    }

    [Theory]
    [InlineData("43{0}[\"five\"]", "answered \"ask\" with a string; expected a whole number in range.")]
    [InlineData("41", "The socket left before it answered: client namespace disconnect.")]
    public async Task Handler_that_gets_no_usable_answer_from_another_client_is_no_fault_of_the_server_nor_of_who_sent_the_event(string packet, string problem)
    {
        await using TestApplication application = await TestApplication.StartAsync(static server => server.OnConnection(
            static socket => socket.On("ask", (string id) => socket.Namespace.Sockets.Single(other => other.Id == id).EmitWithAckAsync<int>("ask", [], Long))));
        using JoinedClient sender = await JoinedClient.OpenAsync(application);
        using JoinedClient asked = await JoinedClient.OpenAsync(application);

        await sender.SendAsync($"427[\"ask\",\"{asked.Id}\"]");
        string id = await asked.ReadQuestionAsync("[\"ask\"]");
        await asked.SendAsync(packet.Replace("{0}", id, StringComparison.Ordinal));

        (await sender.ReadAsync()).ShouldBe("437[{\"error\":\"no usable answer from a client that was asked\"}]");
        application.Log.Entries.ShouldNotContain(static entry => entry.Level > LogLevel.Information);
        application.Log.Entries.ShouldContain(entry => entry.Text.StartsWith("The ask handler of namespace / gave up: ") && entry.Text.EndsWith(problem));
    }

    [Fact]
    public async Task Exception_of_the_answers_own_type_reaches_the_one_who_asked_and_nobody_else()
    {
        await using TestApplication application = await TestApplication.StartAsync(Apps.Echo);
        using JoinedClient client = await JoinedClient.OpenAsync(application);

        Task<Percentage> asked = TheSocket(application).EmitWithAckAsync<Percentage>("ask", [], Long);
        await client.SendAsync($"43{await client.ReadQuestionAsync("[\"ask\"]")}[{{\"value\":101}}]");

        await Should.ThrowAsync<ArgumentOutOfRangeException>(asked);
        (await client.AskAsync("421[\"ack\",1]")).ShouldBe("431[1]");
    }

    [Fact]
    public async Task Cancellation_ends_the_waiting()
    {
        await using TestApplication application = await TestApplication.StartAsync(Apps.Echo);
        using JoinedClient client = await JoinedClient.OpenAsync(application);
        using var cancellation = new CancellationTokenSource();

        Task<int> asked = TheSocket(application).EmitWithAckAsync<int>("ask", [], Timeout.InfiniteTimeSpan, cancellation.Token);
        await client.ReadQuestionAsync("[\"ask\"]");
        await cancellation.CancelAsync();

        await Should.ThrowAsync<OperationCanceledException>(asked);
    }

    [Fact]
    public async Task Unknown_repeated_and_foreign_numbers_are_ignored()
    {
        await using TestApplication application = await TestApplication.StartAsync(Apps.Echo);
        using JoinedClient client = await JoinedClient.OpenAsync(application);
        using JoinedClient other = await JoinedClient.OpenAsync(application);
        Socket socket = application.Server.Of("/").Sockets.Single(socket => socket.Id == client.Id);

        Task<int> asked = socket.EmitWithAckAsync<int>("ask", [], Long);
        string id = await client.ReadQuestionAsync("[\"ask\"]");
        await other.SendAsync($"43{id}[6]");
        (await other.AskAsync("421[\"ack\"]")).ShouldBe("431[]");
        await client.SendAsync("43999999999999999[7]");
        asked.IsCompleted.ShouldBeFalse();
        await client.SendAsync($"43{id}[8]");
        await client.SendAsync($"43{id}[9]");

        (await asked).ShouldBe(8);
        (await client.AskAsync("422[\"ack\"]")).ShouldBe("432[]");
    }

    [Fact]
    public async Task Question_in_a_handler_is_answered_while_the_sockets_other_events_wait()
    {
        await using TestApplication application = await TestApplication.StartAsync(static server => server.OnConnection(static socket =>
        {
            socket.On("begin", async () => 1 + await socket.EmitWithAckAsync<int>("ask", [], Long));
            socket.On("next", static () => "next");
        }));
        using JoinedClient client = await JoinedClient.OpenAsync(application);

        await client.SendAsync("421[\"begin\"]");
        await client.SendAsync("422[\"next\"]");
        await client.SendAsync($"43{await client.ReadQuestionAsync("[\"ask\"]")}[41]");

        (await client.ReadAsync()).ShouldBe("431[42]");
        (await client.ReadAsync()).ShouldBe("432[\"next\"]");
    }

    private static Socket TheSocket(TestApplication application) => application.Server.Of("/").Sockets.Single();

    private sealed record Percentage
    {
        public Percentage(int value)
        {
            ArgumentOutOfRangeException.ThrowIfGreaterThan(value, 100);
            Value = value;
        }

        public int Value { get; }
    }
}
