using System.Collections.Concurrent;
using System.Security.Claims;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Shouldly;
using Xunit;

namespace Carillon.SocketIO.Tests.Events;

/// <summary>What a handler finds around it: services, the user, the socket's data, the connection's end.</summary>
public sealed class ContextTests
{
    [Fact]
    public async Task Each_event_has_a_scope_of_services_that_ends_with_its_handler()
    {
        var ended = new ConcurrentQueue<int>();
        int made = 0;
        await using TestApplication application = await TestApplication.StartAsync(
            server => server.OnConnection(socket => socket.On("scope", async (SocketEvent received) =>
            {
                var first = received.Services.GetRequiredService<Visit>();
                await Task.Yield();
                bool isSame = ReferenceEquals(first, received.Services.GetRequiredService<Visit>());
                return $"{first.Number} {isSame} {ended.Count}";
            })),
            services: services => services.AddScoped(_ => new Visit(Interlocked.Increment(ref made), ended)));
        using JoinedClient client = await JoinedClient.OpenAsync(application);

        (await client.AskAsync("421[\"scope\"]")).ShouldBe("431[\"1 True 0\"]");
        (await client.AskAsync("422[\"scope\"]")).ShouldBe("432[\"2 True 1\"]");
        await Eventually.BeTrueAsync(() => ended.SequenceEqual([1, 2]));
    }

    [Fact]
    public async Task User_is_who_the_applications_authentication_says()
    {
        await using TestApplication application = await TestApplication.StartAsync(
            static server =>
            {
                server.Use(static (socket, _) => ValueTask.FromResult(socket.User.Identity?.Name == "ada" ? null : new ConnectRefusal("who?")));
                server.OnConnection(static socket => socket.On("me", () => socket.User.Identity!.Name));
            },
            pipeline: static application => application.Use(static (context, next) =>
            {
                context.User = new ClaimsPrincipal(new ClaimsIdentity([new Claim(ClaimTypes.Name, context.Request.Query["name"].ToString())], "test"));
                return next(context);
            }));
        using var http = new HttpClient { BaseAddress = application.Address };

        (await JoinByPollingAsync(http, "ada")).ShouldStartWith("40{");
        (await JoinByPollingAsync(http, "bob")).ShouldBe("44{\"message\":\"who?\"}");
        application.Server.Of("/").Sockets.Single().User.Identity!.Name.ShouldBe("ada");
    }

    [Fact]
    public async Task Data_lives_with_the_socket()
    {
        await using TestApplication application = await TestApplication.StartAsync(static server =>
        {
            server.Use(static (socket, _) =>
            {
                socket.Data["visits"] = 10;
                return ValueTask.FromResult<ConnectRefusal?>(null);
            });
            server.OnConnection(static socket => socket.On("visit", () =>
            {
                socket.Data["visits"] = (int)socket.Data["visits"]! + 1;
                return (int)socket.Data["visits"]!;
            }));
        });
        using JoinedClient first = await JoinedClient.OpenAsync(application);
        using JoinedClient second = await JoinedClient.OpenAsync(application);

        (await first.AskAsync("421[\"visit\"]")).ShouldBe("431[11]");
        (await first.AskAsync("422[\"visit\"]")).ShouldBe("432[12]");
        (await second.AskAsync("421[\"visit\"]")).ShouldBe("431[11]");
    }

    [Fact]
    public async Task Token_is_cancelled_when_the_connection_ends()
    {
        var cancelled = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var begun = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using TestApplication application = await TestApplication.StartAsync(server => server.OnConnection(socket => socket.On("work", async (CancellationToken gone) =>
        {
            begun.SetResult();
            try
            {
                await Task.Delay(Timeout.Infinite, gone);
            }
            catch (OperationCanceledException)
            {
                cancelled.SetResult();
            }
        })));
        using JoinedClient client = await JoinedClient.OpenAsync(application);
        await client.SendAsync("42[\"work\"]");
        await begun.Task.WaitAsync(TimeSpan.FromSeconds(30));

        client.Connection.Socket.Abort();

        await cancelled.Task.WaitAsync(TimeSpan.FromSeconds(30));
    }

    private static async Task<string> JoinByPollingAsync(HttpClient http, string name)
    {
        string open = await http.GetStringAsync($"/socket.io/?EIO=4&transport=polling&name={name}");
        string id = System.Text.Json.JsonDocument.Parse(open.AsMemory(1)).RootElement.GetProperty("sid").GetString()!;
        using var connect = new StringContent("40");
        using HttpResponseMessage posted = await http.PostAsync($"/socket.io/?EIO=4&transport=polling&sid={id}", connect);
        return await http.GetStringAsync($"/socket.io/?EIO=4&transport=polling&sid={id}");
    }

    private sealed class Visit(int number, ConcurrentQueue<int> ended) : IDisposable
    {
        public int Number => number;

        public void Dispose() => ended.Enqueue(number);
    }
}
