using System.Collections.Concurrent;
using Shouldly;
using Xunit;

namespace Carillon.SocketIO.Tests.Events;

public sealed class SocketMiddlewareTests
{
    [Fact]
    public async Task Steps_run_in_order_around_the_handler_and_see_every_event()
    {
        var seen = new ConcurrentQueue<string>();
        await using TestApplication application = await TestApplication.StartAsync(server => server.OnConnection(socket =>
        {
            socket.Use(async (received, next) =>
            {
                seen.Enqueue("first " + received.Name);
                await next();
                seen.Enqueue("first after " + received.Name);
            });
            socket.Use((received, next) =>
            {
                seen.Enqueue("second " + received.Name);
                return next();
            });
            socket.On("known", (int number) =>
            {
                seen.Enqueue("handler " + number);
                return number + 1;
            });
        }));
        using JoinedClient client = await JoinedClient.OpenAsync(application);

        await client.SendAsync("42[\"un\\u006bnown\"]");
        (await client.AskAsync("421[\"known\",1]")).ShouldBe("431[2]");

        await Eventually.BeTrueAsync(() => seen.Count == 7);
        seen.ShouldBe(
            ["first unknown", "second unknown", "first after unknown", "first known", "second known", "handler 1", "first after known"]);
    }

    [Fact]
    public async Task Step_that_does_not_go_on_ends_the_event_and_may_answer_it()
    {
        bool handled = false;
        await using TestApplication application = await TestApplication.StartAsync(server => server.OnConnection(socket =>
        {
            socket.Use(static (received, next) =>
            {
                if (received.Name != "blocked")
                {
                    return next();
                }

                received.Acknowledge("blocked");
                return ValueTask.CompletedTask;
            });
            socket.On("blocked", () => handled = true);
            socket.On("open", static () => "handled");
        }));
        using JoinedClient client = await JoinedClient.OpenAsync(application);

        (await client.AskAsync("421[\"blocked\"]")).ShouldBe("431[\"blocked\"]");
        (await client.AskAsync("422[\"open\"]")).ShouldBe("432[\"handled\"]");
        handled.ShouldBeFalse();
    }

    [Fact]
    public async Task Exception_of_a_step_is_answered_like_a_handlers()
    {
        await using TestApplication application = await TestApplication.StartAsync(static server => server.OnConnection(static socket =>
        {
            socket.Use(static (received, next) => received.Name switch
            {
                "wrong" => throw new SocketArgumentException("who are you?"),
                "fault" => ValueTask.FromException(new InvalidOperationException("a fault of the step")),
                _ => next(),
            });
            socket.On("fine", static () => "yes");
        }));
        using JoinedClient client = await JoinedClient.OpenAsync(application);

        (await client.AskAsync("421[\"wrong\"]")).ShouldBe("431[{\"error\":\"who are you?\"}]");
        (await client.AskAsync("422[\"fault\"]")).ShouldBe("432[{\"error\":\"internal error\"}]");
        (await client.AskAsync("423[\"fine\"]")).ShouldBe("433[\"yes\"]");
        application.Log.Entries.ShouldContain(static entry => entry.Text.Contains("a fault of the step"));
    }
}
