using System.Collections.Concurrent;
using System.Text.Json;
using Carillon.Interop.Tests.Servers;
using Carillon.Interop.Tests.Waiting;
using SocketIOClient.Transport;
using StockClient = SocketIOClient.SocketIO;
using StockOptions = SocketIOClient.SocketIOOptions;

namespace Carillon.Interop.Tests.SocketIO;

/// <summary>The .NET client SocketIOClient, as its users use it.</summary>
public sealed class DotNetClientTests(OfficialClients clients)
{
    [Theory]
    [InlineData(TransportProtocol.Polling)]
    [InlineData(TransportProtocol.WebSocket)]
    public async Task Events_go_both_ways_with_binary_data(TransportProtocol transport)
    {
        using StockClient client = Create(clients.Application.Address, transport);
        var backs = new BlockingCollection<(string Text, byte[] Data)>();
        client.On("echo-back", response => backs.Add((response.GetValue<string>(0), response.GetValue<Blob>(1).Data)));
        await ConnectAsync(client);

        await client.EmitAsync("echo", "grüße 🎉", new Blob { Data = [1, 2, 255] });

        (string text, byte[] data) = await Task.Run(() => backs.TryTake(out var back, Deadlines.Usual) ? back : throw new TimeoutException());
        text.ShouldBe("grüße 🎉");
        data.ShouldBe([1, 2, 255]);
        await client.DisconnectAsync();
    }

    [Theory]
    [InlineData(TransportProtocol.Polling)]
    [InlineData(TransportProtocol.WebSocket)]
    public async Task Acknowledgements_go_both_ways_with_binary_data(TransportProtocol transport)
    {
        using StockClient client = Create(clients.Application.Address, transport);
        client.On("question", response => _ = response.CallbackAsync(response.GetValue<string>() + ": yes"));
        await ConnectAsync(client);

        (await AskAsync<int>(client, "sum", 2, 3)).ShouldBe(5);
        (await AskAsync<Blob>(client, "echo-ack", new Blob { Data = [9, 8] })).Data.ShouldBe([9, 8]);
        (await AskAsync<JsonElement>(client, "ask-me", "ready?", 10_000)).GetProperty("answer").GetString().ShouldBe("ready?: yes");
        await client.DisconnectAsync();
    }

    // The client posts each by itself, without waiting for the one before.
    [Theory]
    [InlineData(TransportProtocol.Polling)]
    [InlineData(TransportProtocol.WebSocket)]
    public async Task Events_that_are_emitted_at_once_are_all_acknowledged_and_cost_no_connection(TransportProtocol transport)
    {
        using StockClient client = Create(clients.Application.Address, transport);
        int lost = 0;
        client.OnDisconnected += (_, _) => Interlocked.Increment(ref lost);
        await ConnectAsync(client);

        for (int round = 0; round < 20; round++)
        {
            int[] sums = await Task.WhenAll(Enumerable.Range(0, 8).Select(i => AskAsync<int>(client, "sum", round, i)));
            sums.ShouldBe(Enumerable.Range(round, 8));
        }

        lost.ShouldBe(0);
        await client.DisconnectAsync();
    }

    [Theory]
    [InlineData(TransportProtocol.Polling)]
    [InlineData(TransportProtocol.WebSocket)]
    public async Task Namespace_behind_a_check_tells_a_refusal(TransportProtocol transport)
    {
        using StockClient refused = Create(new Uri(clients.Application.Address, "/secure"), transport, token: "wrong");
        var refusal = new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously);
        refused.OnError += (_, message) => refusal.TrySetResult(message);
        _ = refused.ConnectAsync(); // Waits for its own timeout when it is refused.

        (await refusal.Task.WaitAsync(Deadlines.Usual)).ShouldBe("not authorized");
    }

    [Fact]
    public async Task Namespace_behind_a_check_admits_by_auth()
    {
        using StockClient admitted = Create(new Uri(clients.Application.Address, "/secure"), TransportProtocol.WebSocket, token: "123");
        await ConnectAsync(admitted);

        (await AskAsync<string>(admitted, "who")).ShouldBe("user of 123");

        await admitted.DisconnectAsync();
    }

    [Theory]
    [InlineData(TransportProtocol.Polling)]
    [InlineData(TransportProtocol.WebSocket)]
    public async Task Client_comes_back_after_a_restart(TransportProtocol transport)
    {
        int port = FreePort.Next();
        var lost = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var back = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using StockClient client = Create(new Uri($"http://127.0.0.1:{port}"), transport);
        client.OnDisconnected += (_, _) => lost.TrySetResult();
        await using (SocketIOApplication first = await SocketIOApplication.StartAsync(new Playground().Configure, port: port))
        {
            await ConnectAsync(client);
            client.OnConnected += (_, _) => back.TrySetResult();
        }

        await lost.Task.WaitAsync(Deadlines.Usual);
        await using SocketIOApplication second = await SocketIOApplication.StartAsync(new Playground().Configure, port: port);

        await back.Task.WaitAsync(Deadlines.Usual);
        (await AskAsync<int>(client, "sum", 20, 22)).ShouldBe(42);
        await client.DisconnectAsync();
    }

    private static StockClient Create(Uri address, TransportProtocol transport, string? token = null) => new(address, new StockOptions
    {
        Transport = transport,
        AutoUpgrade = false,
        Auth = token is null ? null : new Dictionary<string, string> { ["token"] = token },
        ReconnectionDelay = 50,
        ReconnectionDelayMax = 100,
    });

    private static async Task ConnectAsync(StockClient client)
    {
        var connected = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        client.OnConnected += (_, _) => connected.TrySetResult();
        await client.ConnectAsync();
        await connected.Task.WaitAsync(Deadlines.Usual);
    }

    private static async Task<T> AskAsync<T>(StockClient client, string name, params object[] arguments)
    {
        var answer = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        await client.EmitAsync(name, response => answer.TrySetResult(response.GetValue<T>()), arguments);
        return await answer.Task.WaitAsync(Deadlines.Usual);
    }

    private sealed class Blob
    {
        [System.Text.Json.Serialization.JsonPropertyName("data")]
        public byte[] Data { get; init; } = [];
    }
}
