using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using Shouldly;
using Xunit;

namespace Carillon.SocketIO.Tests.Namespaces;

public sealed class MiddlewareTests
{
    [Fact]
    public async Task Checks_run_in_order_and_the_first_refusal_decides()
    {
        var seen = new ConcurrentQueue<string>();
        await using TestApplication application = await TestApplication.StartAsync(server =>
        {
            server.Of("/a").Use(async (socket, _) =>
            {
                await Task.Yield();
                seen.Enqueue("first");
                socket.Data["who"] = "first";
                return null;
            });
            server.Of("/a").Use((socket, _) =>
            {
                seen.Enqueue($"second after {socket.Data["who"]}");
                return ValueTask.FromResult<ConnectRefusal?>(socket.Handshake.Auth.IsEmpty ? new ConnectRefusal("no \"auth\"", new { code = 7, data = new byte[] { 1, 2, 3 } }) : null);
            });
            server.Of("/a").Use((_, _) =>
            {
                seen.Enqueue("third");
                return ValueTask.FromResult<ConnectRefusal?>(null);
            });
        });
        using JoinedClient client = await JoinedClient.OpenAsync(application);

        (await client.AskAsync("40/a,")).ShouldBe("44/a,{\"message\":\"no \\\"auth\\\"\",\"data\":{\"code\":7,\"data\":\"AQID\"}}");
        application.Server.Of("/a").SocketCount.ShouldBe(0);
        (await client.AskAsync("40/a,{}")).ShouldStartWith("40/a,{");

        seen.ShouldBe(["first", "second after first", "first", "second after first", "third"]);
    }

    [Theory]
    [InlineData("/checked", true)]
    [InlineData("/checked", false)]
    [InlineData("/family", true)]
    public async Task Later_connect_takes_the_place_of_one_that_has_not_joined_yet(string name, bool mayJoin)
    {
        var release = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using TestApplication application = await TestApplication.StartAsync(server =>
        {
            server.OnConnection(static socket => socket.On("sync", static () => 1));
            server.Of("/checked").Use(async (socket, _) =>
            {
                await release.Task;
                return mayJoin ? null : new ConnectRefusal($"not with {socket.Handshake.GetAuth<Ticket>()!.Number}");
            });
            server.Of("/checked").OnConnection(TellTicket);
            server.Of(async (_, _, _) =>
            {
                await release.Task;
                return true;
            }).OnConnection(TellTicket);
        });
        using JoinedClient client = await JoinedClient.OpenAsync(application);
        for (int number = 1; number <= 3; number++)
        {
            await client.SendAsync($"40{name},{{\"number\":{number}}}");
        }

        (await client.AskAsync("421[\"sync\"]")).ShouldBe("431[1]");
        release.SetResult();

        if (mayJoin)
        {
            (await client.ReadAsync()).ShouldStartWith($"40{name},{{\"sid\"");
            (await client.ReadAsync()).ShouldBe($"42{name},[\"ticket\",3]");
        }
        else
        {
            (await client.ReadAsync()).ShouldBe($"44{name},{{\"message\":\"not with 3\"}}");
        }

        (await client.AskAsync("422[\"sync\"]")).ShouldBe("432[1]"); // That was the only answer.
        application.Server.Of(name).SocketCount.ShouldBe(mayJoin ? 1 : 0);

        static ValueTask TellTicket(Socket socket) => socket.EmitAsync("ticket", socket.Handshake.GetAuth<Ticket>()!.Number);
    }

    [Theory]
    [InlineData("data that fails", "the message")]
    [InlineData("text that is none", @"half \uFFFD")]
    public async Task Refusal_that_cannot_be_told_whole_is_told_as_far_as_it_can(string kind, string message)
    {
        await using TestApplication application = await TestApplication.StartAsync(server => server.Of("/a").Use((_, _) => ValueTask.FromResult<ConnectRefusal?>(
            kind == "data that fails" ? new ConnectRefusal("the message", new Unserializable("a fault of the data")) : new ConnectRefusal("half \uD83D"))));
        using JoinedClient client = await JoinedClient.OpenAsync(application);

        (await client.AskAsync("40/a,")).ShouldBe($"44/a,{{\"message\":\"{message}\"}}");

        application.Log.Entries.Any(static entry => entry.Text.Contains("a fault of the data")).ShouldBe(kind == "data that fails");
    }

    [Theory]
    [InlineData("{\"number\":\"five\"}", "auth at $.number: expected an object of the kind Ticket")]
    [InlineData("{\"number\":null}", "auth at $.number: expected an object of the kind Ticket")]
    [InlineData("{\"number\":1.5}", "auth at $.number: expected an object of the kind Ticket")]
    [InlineData("{\"number\":7,\"name\":\"\\ud800\"}", "auth at $.name: expected an object of the kind Ticket")]
    public async Task Auth_of_another_type_is_refused_with_what_was_expected_and_is_no_fault_of_the_server(string auth, string message)
    {
        await using TestApplication application = await TestApplication.StartAsync(static server => server.Of("/a").Use(
            static (socket, _) => ValueTask.FromResult(socket.Handshake.GetAuth<Ticket>()?.Number == 7 ? null : new ConnectRefusal("no"))));
        using JoinedClient client = await JoinedClient.OpenAsync(application);

        (await client.AskAsync("40/a," + auth)).ShouldBe($"44/a,{{\"message\":\"{message}\"}}");
        (await client.AskAsync("40/a,{\"number\":7.0}")).ShouldStartWith("40/a,{");

        application.Log.Entries.ShouldNotContain(static entry => entry.Level > LogLevel.Information);
        application.Log.Entries.ShouldContain(entry => entry.Level == LogLevel.Debug && entry.Text == $"The middleware handler of namespace /a refused a client: {message}");
    }

    [Fact]
    public async Task Auth_of_another_type_that_only_the_connection_handler_looks_at_is_told_in_the_log_in_one_line()
    {
        await using TestApplication application = await TestApplication.StartAsync(static server => server.OnConnection(static socket =>
        {
            socket.On("works", static () => "yes");
            socket.Handshake.GetAuth<Ticket>();
        }));
        using JoinedClient client = await JoinedClient.OpenAsync(application, auth: "{\"number\":true}");

        (await client.AskAsync("421[\"works\"]")).ShouldBe("431[\"yes\"]");
        application.Log.Entries.ShouldNotContain(static entry => entry.Level > LogLevel.Information);
        application.Log.Entries.ShouldContain((LogLevel.Information, "Carillon.SocketIO", "The connection handler of namespace / gave up: auth at $.number: expected an object of the kind Ticket"));
    }

    [Fact]
    public async Task Refused_socket_leaves_its_rooms_and_may_ask_again()
    {
        bool lets = false;
        await using TestApplication application = await TestApplication.StartAsync(server => server.Of("/a").Use((socket, _) =>
        {
            socket.Join("early");
            return ValueTask.FromResult(lets ? null : new ConnectRefusal("not yet"));
        }));
        using JoinedClient client = await JoinedClient.OpenAsync(application);

        (await client.AskAsync("40/a,")).ShouldBe("44/a,{\"message\":\"not yet\"}");
        application.Server.Of("/a").Rooms.ShouldBeEmpty();
        lets = true;
        (await client.AskAsync("40/a,")).ShouldStartWith("40/a,{");
        application.Server.Of("/a").Rooms.ShouldBe(["early"]);
    }

    [Fact]
    public async Task Client_that_goes_meanwhile_is_not_joined_and_its_check_is_cancelled()
    {
        var begun = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var cancelled = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        bool connected = false;
        await using TestApplication application = await TestApplication.StartAsync(server =>
        {
            server.Of("/a").OnConnection(_ => connected = true);
            server.Of("/a").Use(async (socket, cancellation) =>
            {
                socket.Join("early");
                begun.SetResult();
                try
                {
                    await Task.Delay(Timeout.Infinite, cancellation);
                }
                catch (OperationCanceledException)
                {
                    cancelled.SetResult();
                }

                return null;
            });
        });
        using JoinedClient client = await JoinedClient.OpenAsync(application);
        await client.SendAsync("40/a,");
        await begun.Task.WaitAsync(TimeSpan.FromSeconds(30));

        client.Connection.Socket.Abort();

        await cancelled.Task.WaitAsync(TimeSpan.FromSeconds(30));
        await Eventually.BeTrueAsync(() => application.Server.ConnectionCount == 0);
        application.Server.Of("/a").SocketCount.ShouldBe(0);
        application.Server.Of("/a").Rooms.ShouldBeEmpty();
        connected.ShouldBeFalse();
        application.Log.Entries.ShouldNotContain(static entry => entry.Level >= Microsoft.Extensions.Logging.LogLevel.Error);
    }

    private sealed record Ticket(int Number, string? Name);

    private sealed class Unserializable(string fault)
    {
        public int Value => throw new InvalidOperationException(fault);
    }
}
