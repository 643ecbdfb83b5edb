using System.Net;
using System.Net.Sockets;
using System.Text.RegularExpressions;
using Carillon.Connections;
using Carillon.Connections.Tests.WebSockets;
using Carillon.SocketIO.EngineIO;
using Microsoft.Extensions.Logging;
using Shouldly;
using Xunit;

namespace Carillon.SocketIO.Tests.Backlogs;

/// <summary>Clients that ask for much and do not read it: what one client asks for is shared with no other, and must not fill the memory.</summary>
public class UnreadAnswerTests : HostedTests
{
    private const int AnswerSize = 1_000_000;
    private static readonly byte[] Answer = new byte[AnswerSize];
    private int _answered;

    [Fact]
    public async Task Client_that_reads_no_answers_gets_few_is_cut_off_by_the_write_timeout_and_disturbs_nobody()
    {
        const int Asked = 5000;
        long most = 0;
        var options = new SocketIOOptions { Outbox = new OutboxOptions { WriteTimeout = TimeSpan.FromSeconds(3) } };
        await using TestApplication application = await StartAsync(Configure, options);
        using JoinedClient neighbour = await JoinedClient.OpenAsync(application, "/custom");
        using RawClient client = await RawClient.ConnectAsync(application.Address.Port, receiveBuffer: 4096, RawClient.Upgrade("/socket.io/?EIO=4&transport=websocket"));
        await client.SendAsync(ClientFrames.Text("40"));
        await Eventually.BeTrueAsync(() => application.Server.Of("/").SocketCount == 1);
        Outbox outbox = application.Server.Of("/").Sockets.Single().Client.Session.Outbox;

        for (int i = 0; i < Asked; i++)
        {
            await client.SendAsync(ClientFrames.Text($"42{i}[\"blob\"]"));
        }

        while (application.Server.ConnectionCount > 1)
        {
            most = Math.Max(most, outbox.Bytes);
            (await neighbour.AskAsync("42/custom,1[\"ack\",1]").WaitAsync(TimeSpan.FromSeconds(10))).ShouldBe("43/custom,1[1]");
        }

        most.ShouldBeInRange(1, (AnswerSize * 3 / 2) + 65536); // Half of what may wait, one answer on top, and what is small.
        application.Log.Entries.ShouldContain(static entry => entry.Text.Contains("transport close, detail: write timeout") && entry.Level == LogLevel.Information);
        Volatile.Read(ref _answered).ShouldBeLessThan(Asked); // The rest was not read.
    }

    [Fact]
    public async Task Client_in_many_namespaces_that_reads_no_answers_gets_few_as_well()
    {
        const int Namespaces = 60;
        const int Rounds = 5;
        long most = 0;
        SocketNamespaceFamily? family = null;
        var options = new SocketIOOptions { Outbox = new OutboxOptions { WriteTimeout = TimeSpan.FromSeconds(3) } };
        await using TestApplication application = await StartAsync(
            server =>
            {
                family = server.Of(new Regex("^/n[0-9]+$", RegexOptions.NonBacktracking));
                family.OnConnection(socket => socket.On("blob", Blob));
            },
            options);
        using RawClient client = await RawClient.ConnectAsync(application.Address.Port, receiveBuffer: 4096, RawClient.Upgrade("/socket.io/?EIO=4&transport=websocket"));
        for (int i = 0; i < Namespaces; i++)
        {
            await client.SendAsync(ClientFrames.Text($"40/n{i},"));
        }

        await Eventually.BeTrueAsync(() => family!.Find($"/n{Namespaces - 1}") is { SocketCount: 1 });
        EngineSession session = family!.Find("/n0")!.Sockets.Single().Client.Session;
        int answered = 0;

        for (int i = 0; i < Namespaces * Rounds; i++)
        {
            await client.SendAsync(ClientFrames.Text($"42/n{i % Namespaces},{i}[\"blob\"]"));
        }

        while (true)
        {
            int soFar = Volatile.Read(ref _answered);
            if (!session.IsOpen)
            {
                break; // What had come before the end is handled after it.
            }

            answered = soFar;
            most = Math.Max(most, session.Outbox.Bytes);
            await Task.Yield();
        }

        most.ShouldBeInRange(1, (AnswerSize * 3 / 2) + 65536);
        answered.ShouldBeInRange(2, (Namespaces * Rounds) - 1);
    }

    [Fact]
    public async Task Client_that_reads_no_refusals_is_not_read_from_any_more()
    {
        int most = 0;
        var options = new SocketIOOptions { Outbox = new OutboxOptions { BurstTime = TimeSpan.Zero, WriteTimeout = TimeSpan.FromSeconds(3) } };
        await using TestApplication application = await StartAsync(Configure, options);
        using RawClient client = await RawClient.ConnectAsync(application.Address.Port, receiveBuffer: 4096, RawClient.Upgrade("/socket.io/?EIO=4&transport=websocket"));
        await client.SendAsync(ClientFrames.Text("40"));
        await Eventually.BeTrueAsync(() => application.Server.Of("/").SocketCount == 1);
        Outbox outbox = application.Server.Of("/").Sockets.Single().Client.Session.Outbox;
        byte[] connect = ClientFrames.Text("40/" + new string('n', 200));

        Task sending = Task.Run(async () =>
        {
            try
            {
                while (true)
                {
                    await client.SendAsync(connect);
                }
            }
            catch (Exception error) when (error is IOException or SocketException)
            {
                // It was cut off.
            }
        });

        await Eventually.BeTrueAsync(() =>
        {
            most = Math.Max(most, outbox.Count);
            return application.Server.ConnectionCount == 0;
        });
        await sending;
        most.ShouldBeInRange(1, (options.Outbox.MaxFrames / 2) + 1);
        application.Log.Entries.ShouldNotContain(static entry => entry.Text.Contains("outbox overflow"));
    }

    [Fact]
    public async Task Polling_client_that_reads_late_gets_all_it_asked_for_in_order_without_a_burst()
    {
        const int Asked = 40;
        var options = new SocketIOOptions { Outbox = new OutboxOptions { BurstTime = TimeSpan.Zero } };
        await using TestApplication application = await StartAsync(Configure, options);
        using var client = new EngineClient(application.Address);
        await client.OpenPollingAsync();
        await client.PostAsync("40");
        await client.PollAsync();

        (await client.PostAsync([.. Enumerable.Range(0, Asked).Select(static i => $"42{i}[\"text\"]")])).Body.ShouldBe("ok");

        var answers = new List<string>();
        while (answers.Count < Asked)
        {
            answers.AddRange((await client.PollPacketsAsync()).Select(static packet => packet[..packet.IndexOf('[', StringComparison.Ordinal)]));
        }

        answers.ShouldBe(Enumerable.Range(0, Asked).Select(static i => $"43{i}"));
    }

    [Fact]
    public async Task Polling_client_is_not_cut_off_by_thousands_of_small_answers()
    {
        const int Asked = 3000;
        var options = new SocketIOOptions { Outbox = new OutboxOptions { BurstTime = TimeSpan.Zero } };
        await using TestApplication application = await StartAsync(Configure, options);
        using var client = new EngineClient(application.Address);
        await client.OpenPollingAsync();
        await client.PostAsync("40");
        await client.PollAsync();

        Task<(HttpStatusCode Status, string Body)> posting = client.PostAsync([.. Enumerable.Range(0, Asked).Select(static i => $"42{i}[\"count\",{i}]")]);
        var answers = new List<string>();
        while (answers.Count < Asked)
        {
            answers.AddRange(await client.PollPacketsAsync());
        }

        answers.ShouldBe(Enumerable.Range(0, Asked).Select(static i => $"43{i}[{i}]"));
        (await posting).Body.ShouldBe("ok");
    }

    private void Configure(SocketIOServer server)
    {
        Apps.Echo(server);
        string text = new('x', AnswerSize / 5);
        server.OnConnection(socket =>
        {
            socket.On("count", (int number) => number);
            socket.On("text", () => text);
            socket.On("blob", Blob);
        });
    }

    private byte[] Blob()
    {
        Interlocked.Increment(ref _answered);
        return Answer;
    }
}
