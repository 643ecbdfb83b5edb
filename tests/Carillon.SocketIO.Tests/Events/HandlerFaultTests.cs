using System.Collections.Concurrent;
using System.Diagnostics;
using Shouldly;
using Xunit;

namespace Carillon.SocketIO.Tests.Events;

public sealed class HandlerFaultTests
{
    [Theory]
    [InlineData("at once")]
    [InlineData("as a task")]
    [InlineData("later")]
    [InlineData("untyped")]
    [InlineData("unserializable")]
    public async Task Exception_is_logged_and_acknowledged_and_hurts_nobody(string name)
    {
        await using TestApplication application = await TestApplication.StartAsync(static server => server.OnConnection(static socket =>
        {
            socket.On("at once", static () => throw new InvalidOperationException("a fault"));
            socket.On("as a task", static (int _) => Task.FromException<int>(new InvalidOperationException("a fault")));
            socket.On("later", static async () =>
            {
                await Task.Yield();
                throw new InvalidOperationException("a fault");
            });
            socket.On("untyped", static received => ValueTask.FromException(new InvalidOperationException("a fault")));
            socket.On("unserializable", static () => new Unserializable("a fault"));
            socket.On("works", static () => "yes");
        }));
        using JoinedClient client = await JoinedClient.OpenAsync(application);

        await client.SendAsync($"42[\"{name}\",1]");
        (await client.AskAsync($"421[\"{name}\",1]")).ShouldBe("431[{\"error\":\"internal error\"}]");
        (await client.AskAsync("422[\"works\"]")).ShouldBe("432[\"yes\"]");

        application.Log.Entries.Count(entry => entry.Text.Contains("a fault") && entry.Text.Contains($"The {name} handler of namespace / failed")).ShouldBe(2);
    }

    [Fact]
    public async Task Names_that_clients_choose_are_logged_cut_and_in_one_line()
    {
        const string Forged = "x\n2026-01-01 [Critical] forged";
        string name = Forged + new string('y', 1000);
        await using TestApplication application = await TestApplication.StartAsync(static server =>
        {
            server.OnConnection(static socket => socket.Use(static (_, _) => throw new InvalidOperationException("a fault")));
            server.Of(static (_, _, _) => throw new InvalidOperationException("a fault"));
        });
        using JoinedClient client = await JoinedClient.OpenAsync(application);

        (await client.AskAsync($"40/{Forged},")).ShouldStartWith("44/x\n");
        (await client.AskAsync($"421[{System.Text.Json.JsonSerializer.Serialize(name)}]")).ShouldBe("431[{\"error\":\"internal error\"}]");

        string[] faults = [.. application.Log.Entries.Select(static entry => entry.Text).Where(static text => text.Contains("a fault"))];
        faults.Length.ShouldBe(2);
        faults.ShouldAllBe(static text => text.Contains(@"x\u000a2026-01-01 [Critical] forged") && !text.Contains('\n') && text.Length < 200);
    }

    [Fact]
    public async Task Handler_may_tell_the_client_what_is_wrong_in_any_text()
    {
        await using TestApplication application = await TestApplication.StartAsync(static server => server.OnConnection(static socket =>
        {
            socket.On("refuse", static (string text) => throw new SocketArgumentException(text[..^1]));
            socket.On("works", static () => "yes");
        }));
        using JoinedClient client = await JoinedClient.OpenAsync(application);

        (await client.AskAsync("421[\"refuse\",\"say \\\"no\\\".\"]")).ShouldBe("431[{\"error\":\"say \\\"no\\\"\"}]");

        // Half of the last character is cut off: no text can be made of the other half.
        (await client.AskAsync("422[\"refuse\",\"cut \uD83D\uDE00\"]")).ShouldBe("432[{\"error\":\"cut \\uFFFD\"}]");
        (await client.AskAsync("423[\"works\"]")).ShouldBe("433[\"yes\"]");
    }

    [Fact]
    public async Task Exception_of_a_scope_that_ends_is_logged_and_the_next_event_is_handled()
    {
        await using TestApplication application = await TestApplication.StartAsync(
            static server => server.OnConnection(static socket =>
            {
                socket.On("fails at its end", static received =>
                {
                    received.Services.GetService(typeof(FailsAtItsEnd));
                    return ValueTask.CompletedTask;
                });
                socket.On("works", static () => "yes");
            }),
            services: static services => Microsoft.Extensions.DependencyInjection.ServiceCollectionServiceExtensions.AddScoped<FailsAtItsEnd>(services));
        using JoinedClient client = await JoinedClient.OpenAsync(application);

        await client.SendAsync("42[\"fails at its end\"]");
        (await client.AskAsync("421[\"works\"]")).ShouldBe("431[\"yes\"]");

        application.Log.Entries.ShouldContain(static entry => entry.Text.Contains("a fault of the scope"));
    }

    [Fact]
    public async Task Many_waiting_events_that_fail_do_not_deepen_the_stack()
    {
        var go = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var depths = new ConcurrentQueue<int>();
        await using TestApplication application = await TestApplication.StartAsync(server => server.OnConnection(socket =>
        {
            socket.On("wait", () => go.Task);
            socket.On("fail", () =>
            {
                depths.Enqueue(new StackTrace().FrameCount);
                return Task.FromException(new InvalidOperationException("a fault"));
            });
        }));
        using JoinedClient client = await JoinedClient.OpenAsync(application);

        await client.SendAsync("42[\"wait\"]");
        for (int i = 0; i < 500; i++)
        {
            await client.SendAsync("42[\"fail\"]");
        }

        await client.SendAsync("41");
        await Eventually.BeTrueAsync(() => application.Server.Of("/").SocketCount == 0);
        go.SetResult();

        await Eventually.BeTrueAsync(() => depths.Count == 500);
        (depths.Max() - depths.Min()).ShouldBeLessThan(20);
    }

    [Fact]
    public async Task Exception_of_the_connection_or_disconnect_handler_is_logged_and_handlers_set_before_it_work()
    {
        await using TestApplication application = await TestApplication.StartAsync(static server => server.OnConnection(static async socket =>
        {
            socket.On("works", static () => "yes");
            socket.OnDisconnect(static _ => throw new InvalidOperationException("a fault at the end"));
            await Task.Yield();
            throw new InvalidOperationException("a fault at the beginning");
        }));
        using JoinedClient client = await JoinedClient.OpenAsync(application);

        (await client.AskAsync("421[\"works\"]")).ShouldBe("431[\"yes\"]");
        await client.SendAsync("41");

        await Eventually.BeTrueAsync(() => application.Log.Entries.Any(static entry => entry.Text.Contains("a fault at the end")));
        application.Log.Entries.ShouldContain(static entry => entry.Text.Contains("a fault at the beginning"));
    }

    private sealed class Unserializable(string fault)
    {
        public int Value => throw new InvalidOperationException(fault);
    }

    private sealed class FailsAtItsEnd : IDisposable
    {
        public void Dispose() => throw new InvalidOperationException("a fault of the scope");
    }
}
