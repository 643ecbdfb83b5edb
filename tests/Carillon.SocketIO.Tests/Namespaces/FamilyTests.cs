using System.Text.RegularExpressions;
using Shouldly;
using Xunit;

namespace Carillon.SocketIO.Tests.Namespaces;

public sealed partial class FamilyTests
{
    [Fact]
    public async Task Namespace_of_a_pattern_exists_while_it_has_sockets()
    {
        SocketNamespaceFamily? family = null;
        await using TestApplication application = await TestApplication.StartAsync(server =>
        {
            family = server.Of(Numbered());
            family.OnConnection(static socket => socket.On("where", () => socket.Namespace.Name));
        });
        using JoinedClient first = await JoinedClient.OpenAsync(application, "/doc-1");
        using JoinedClient second = await JoinedClient.OpenAsync(application, "/doc-1");
        using JoinedClient third = await JoinedClient.OpenAsync(application, "/doc-2", "{\"a\":1}");

        (await first.AskAsync("42/doc-1,1[\"where\"]")).ShouldBe("43/doc-1,1[\"/doc-1\"]");
        (await third.AskAsync("42/doc-2,1[\"where\"]")).ShouldBe("43/doc-2,1[\"/doc-2\"]");
        (await third.AskAsync("40/other")).ShouldBe("44/other,{\"message\":\"Invalid namespace\"}");
        family!.Namespaces.Select(static found => found.Name).Order().ShouldBe(["/doc-1", "/doc-2"]);
        family.Find("/doc-1").ShouldNotBeNull().SocketCount.ShouldBe(2);

        await family.EmitAsync("all", new byte[] { 7 });
        await family.Find("/doc-1")!.EmitAsync("one");
        (await first.ReadAsync()).ShouldStartWith("451-/doc-1,[\"all\"");
        (await first.ReadBinaryAsync()).ShouldBe([7]);
        (await third.ReadAsync()).ShouldStartWith("451-/doc-2,[\"all\"");
        (await first.ReadAsync()).ShouldBe("42/doc-1,[\"one\"]");

        await first.SendAsync("41/doc-1,");
        second.Connection.Socket.Abort();
        await Eventually.BeTrueAsync(() => family.Find("/doc-1") is null);
        family.Namespaces.Select(static found => found.Name).ShouldBe(["/doc-2"]);
        (await JoinedClient.JoinAsync(first.Connection, "/doc-1")).ShouldNotBe(first.Id);
    }

    [Fact]
    public async Task Predicate_sees_name_and_handshake_and_the_first_family_that_accepts_is_taken()
    {
        SocketNamespaceFamily? own = null;
        await using TestApplication application = await TestApplication.StartAsync(server =>
        {
            own = server.Of(static async (name, handshake, _) =>
            {
                await Task.Yield();
                return name == "/mine" && handshake.GetAuth<Token>()?.Owner == "me";
            });
            own.Use(static (socket, _) => ValueTask.FromResult(socket.Handshake.GetAuth<Token>()!.IsLate ? new ConnectRefusal("too late") : null));
            server.Of(static (name, _, _) => name == "/fault" ? throw new InvalidOperationException("a fault") : ValueTask.FromResult(false));
            server.Of("/mine2");
        });
        using JoinedClient client = await JoinedClient.OpenAsync(application);

        (await client.AskAsync("40/mine,{\"owner\":\"you\"}")).ShouldBe("44/mine,{\"message\":\"Invalid namespace\"}");
        (await client.AskAsync("40/mine,{\"owner\":5}")).ShouldBe("44/mine,{\"message\":\"auth at $.owner: expected an object of the kind Token\"}");
        application.Log.Entries.ShouldNotContain(static entry => entry.Level > Microsoft.Extensions.Logging.LogLevel.Information);
        (await client.AskAsync("40/mine,{\"owner\":\"me\",\"isLate\":true}")).ShouldBe("44/mine,{\"message\":\"too late\"}");
        (await client.AskAsync("40/fault,")).ShouldBe("44/fault,{\"message\":\"internal error\"}");
        (await client.AskAsync($"40/{new string('m', 254)},")).ShouldEndWith(",{\"message\":\"Invalid namespace\"}");
        own!.Namespaces.ShouldBeEmpty();
        (await client.AskAsync("40/mine,{\"owner\":\"me\"}")).ShouldStartWith("40/mine,{");
        (await client.AskAsync("40/mine2")).ShouldStartWith("40/mine2,{");
        own.Namespaces.Count().ShouldBe(1);
    }

    [Fact]
    public async Task Client_may_visit_any_number_of_namespaces_one_after_another()
    {
        await using SocketIOServer server = DetachedClient.CreateServer();
        SocketNamespaceFamily family = server.Of(Numbered());
        var client = new DetachedClient(server);

        for (int i = 0; i < 3000; i++)
        {
            await client.ReceiveAsync($"40/doc-{i}");
            await client.ReceiveAsync($"42/doc-{i},[\"hello\"]");
            await client.ReceiveAsync($"41/doc-{i}");
            await client.ReceiveAsync($"42/doc-{i},[\"on its way when the socket left\"]");
            client.Take().Length.ShouldBe(1);
        }

        client.Session.IsOpen.ShouldBeTrue();
        family.Namespaces.ShouldBeEmpty();
    }

    [Fact]
    public async Task Sockets_that_come_and_go_at_once_leave_no_namespace_behind()
    {
        await using SocketIOServer server = DetachedClient.CreateServer();
        SocketNamespaceFamily family = server.Of(static async (_, _, _) =>
        {
            await Task.Yield();
            return true;
        });
        family.Use(static async (socket, _) =>
        {
            socket.Join("room");
            await Task.Yield();
            return null;
        });

        await Parallel.ForAsync(0, 20_000, async (i, _) =>
        {
            var client = new DetachedClient(server);
            await client.ReceiveAsync($"40/{i % 3}");
            await client.ReceiveAsync("40/other");
            if (i % 2 == 0)
            {
                await Task.Yield();
            }

            client.Session.Close(new DisconnectReason(DisconnectCause.TransportClose));
        });

        await Eventually.BeTrueAsync(
            () => !family.Namespaces.Any(), () => string.Join(' ', family.Namespaces.Select(static left => $"{left.Name}: {left.SocketCount}")));
    }

    [Fact]
    public async Task Name_that_one_family_has_is_not_given_a_second_namespace_by_an_earlier_family()
    {
        await using SocketIOServer server = DetachedClient.CreateServer();
        SocketNamespaceFamily any = server.Of(static (_, _, _) => ValueTask.FromResult(true));
        SocketNamespaceFamily numbered = server.Of(Numbered());
        SocketNamespace named = server.Of("/doc-1");
        named.Use(static (_, _) => ValueTask.FromResult<ConnectRefusal?>(new ConnectRefusal("not you")));
        var client = new DetachedClient(server);

        await client.ReceiveAsync("40/doc-1");

        await Eventually.BeTrueAsync(() => client.Session.Outbox.Count > 0);
        client.TakeText().ShouldBe(["44/doc-1,{\"message\":\"not you\"}"], Case.Sensitive);
        any.Namespaces.ShouldBeEmpty();
        numbered.Namespaces.ShouldBe([named]);
    }

    [Fact]
    public async Task Name_that_matches_a_pattern_gives_the_familys_namespace_which_then_stays()
    {
        SocketNamespaceFamily? family = null;
        await using TestApplication application = await TestApplication.StartAsync(server =>
        {
            server.Of("/doc-0").OnConnection(static socket => socket.On("who", () => "own"));
            family = server.Of(Numbered());
            family.OnConnection(static socket => socket.On("who", () => "family"));
            family.Use(static (socket, _) =>
            {
                socket.Join("checked");
                return new ValueTask<ConnectRefusal?>((ConnectRefusal?)null);
            });
        });
        SocketIOServer io = application.Server;

        SocketNamespace named = io.Of("/doc-1");

        named.ShouldBeSameAs(family!.Find("/doc-1"));
        io.Of("/doc-1").ShouldBeSameAs(named);
        family.Find("/doc-0").ShouldBeNull(); // It was there before the family.
        io.Of("/other").ShouldBeSameAs(io.Of("/other"));
        family.Namespaces.ShouldBe([named]);
        using JoinedClient client = await JoinedClient.OpenAsync(application, "/doc-1");
        (await client.AskAsync("42/doc-1,1[\"who\"]")).ShouldBe("43/doc-1,1[\"family\"]");
        named.Rooms.ShouldBe(["checked"]);
        await JoinedClient.JoinAsync(client.Connection, "/doc-0");
        (await client.AskAsync("42/doc-0,1[\"who\"]")).ShouldBe("43/doc-0,1[\"own\"]");
        await client.SendAsync("41/doc-1");
        await Eventually.BeTrueAsync(() => named.SocketCount == 0);
        io.Of("/doc-1").ShouldBeSameAs(named);
        family.Find("/doc-1").ShouldBeSameAs(named);
    }

    [Fact]
    public async Task Name_that_a_predicate_has_accepted_gives_that_namespace_and_one_it_has_not_gives_one_of_its_own()
    {
        SocketNamespaceFamily? family = null;
        int asked = 0;
        await using TestApplication application = await TestApplication.StartAsync(server => family = server.Of((_, _, _) =>
        {
            asked++;
            return ValueTask.FromResult(true);
        }));
        using JoinedClient client = await JoinedClient.OpenAsync(application, "/mine");

        application.Server.Of("/mine").ShouldBeSameAs(family!.Find("/mine"));
        SocketNamespace own = application.Server.Of("/later");
        await JoinedClient.JoinAsync(client.Connection, "/later");

        own.SocketCount.ShouldBe(1);
        family.Find("/later").ShouldBeNull();
        asked.ShouldBe(1);
    }

    [Fact]
    public async Task Namespace_that_the_application_makes_while_a_predicate_thinks_is_joined()
    {
        var goOn = new TaskCompletionSource<bool>(TaskCreationOptions.RunContinuationsAsynchronously);
        await using SocketIOServer server = DetachedClient.CreateServer();
        SocketNamespaceFamily family = server.Of((_, _, _) => new ValueTask<bool>(goOn.Task));
        var client = new DetachedClient(server);
        await client.ReceiveAsync("40/mine");

        SocketNamespace own = server.Of("/mine");
        goOn.SetResult(true);

        await Eventually.BeTrueAsync(() => own.SocketCount == 1);
        family.Namespaces.ShouldBeEmpty();
    }

    [Fact]
    public async Task What_is_set_up_for_one_namespace_of_a_family_leaves_the_others_alone()
    {
        await using TestApplication application = await TestApplication.StartAsync(server =>
        {
            SocketNamespaceFamily family = server.Of(Numbered());
            family.OnConnection(static socket => socket.On("who", () => "family"));
            server.Of("/doc-1").OnConnection(static socket => socket.On("who", () => "one"));
            server.Of("/doc-3").Use(static (_, _) => ValueTask.FromResult<ConnectRefusal?>(new ConnectRefusal("closed")));
        });
        using JoinedClient one = await JoinedClient.OpenAsync(application, "/doc-1");
        using JoinedClient two = await JoinedClient.OpenAsync(application, "/doc-2");

        (await one.AskAsync("42/doc-1,1[\"who\"]")).ShouldBe("43/doc-1,1[\"one\"]");
        (await two.AskAsync("42/doc-2,1[\"who\"]")).ShouldBe("43/doc-2,1[\"family\"]");
        (await one.AskAsync("40/doc-3")).ShouldBe("44/doc-3,{\"message\":\"closed\"}");
        (await one.AskAsync("40/doc-4")).ShouldStartWith("40/doc-4,{");
    }

    [GeneratedRegex(@"^/doc-\d+$")]
    private static partial Regex Numbered();

    private sealed record Token(string Owner, bool IsLate);
}
