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
        (await client.AskAsync("40/mine,{\"owner\":5}")).ShouldBe("44/mine,{\"message\":\"internal error\"}");
        (await client.AskAsync("40/mine,{\"owner\":\"me\",\"isLate\":true}")).ShouldBe("44/mine,{\"message\":\"too late\"}");
        (await client.AskAsync("40/fault,")).ShouldBe("44/fault,{\"message\":\"internal error\"}");
        (await client.AskAsync($"40/{new string('m', 300)},")).ShouldEndWith(",{\"message\":\"Invalid namespace\"}");
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

    [GeneratedRegex(@"^/doc-\d+$")]
    private static partial Regex Numbered();

    private sealed record Token(string Owner, bool IsLate);
}
