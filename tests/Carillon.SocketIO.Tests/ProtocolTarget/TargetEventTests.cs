using System.Text.Json;
using Carillon.Connections.Tests.WebSockets;
using Shouldly;
using Xunit;

namespace Carillon.SocketIO.Tests.ProtocolTarget;

/// <summary>What the protocol target answers, packet by packet, where suites have found it wrong.</summary>
public sealed class TargetEventTests
{
    [Fact]
    public async Task Acknowledgements_come_for_what_asks_for_them_alone()
    {
        using TargetProcess target = await TargetProcess.StartAsync("client");
        using var client = new EngineClient(target.Address);
        using EngineWebSocket socket = await client.JoinAsync();

        foreach ((string sent, string answer) in new[]
        {
            ("421[\"hi\"]", "\"hi\""),
            ("422[\"false\"]", "\"false\",false"),
            ("423[\"abuff2\"]", string.Empty),
            ("424[\"blob\",1]", string.Empty),
            ("425[\"unheard-of\"]", string.Empty),
            ("426[\"ack\"]", "\"ack\""),
        })
        {
            await socket.SendAsync(sent);
            if (answer.Length > 0)
            {
                (await socket.ReadAsync()).ShouldContain(answer);
            }
        }

        await socket.SendAsync("427[\"echo\",1]");
        (await socket.ReadAsync()).ShouldBe("437[1]");
    }

    [Fact]
    public async Task Answer_to_connect_comes_in_a_read_of_its_own()
    {
        using TargetProcess target = await TargetProcess.StartAsync("recovery");
        using RawClient raw = await RawClient.ConnectAsync(target.Address.Port, request: RawClient.Upgrade("/socket.io/?EIO=4&transport=websocket"));
        await raw.ReadTextAsync();

        await raw.SendAsync(ClientFrames.Text("40/custom,"));

        (await raw.ReadTextAsync()).ShouldStartWith("40/custom,{");
        raw.Available.ShouldBe(0);
        (await raw.ReadTextAsync()).ShouldStartWith("42/custom,[\"auth\",{}");
    }

    [Fact]
    public async Task Binary_questions_and_answers_stay_binary()
    {
        using TargetProcess target = await TargetProcess.StartAsync("recovery");
        using var client = new EngineClient(target.Address);
        using EngineWebSocket socket = await client.JoinAsync();
        await socket.ReadAsync();

        await socket.SendAsync("451-7[\"ask-me\",20000,{\"_placeholder\":true,\"num\":0}]");
        await socket.SendBinaryAsync(1, 2);
        string question = await socket.ReadAsync();
        (await socket.ReadBinaryAsync()).ShouldBe([1, 2]);
        question.ShouldEndWith("[\"question\",{\"_placeholder\":true,\"num\":0}]");
        await socket.SendAsync($"461-{question[4..question.IndexOf('[', StringComparison.Ordinal)]}[{{\"x\":{{\"_placeholder\":true,\"num\":0}}}}]");
        await socket.SendBinaryAsync(3);

        (await socket.ReadAsync()).ShouldBe("461-7[{\"ok\":true,\"answer\":{\"x\":{\"_placeholder\":true,\"num\":0}}}]");
        (await socket.ReadBinaryAsync()).ShouldBe([3]);
    }

    [Theory]
    [InlineData("10000001")]
    [InlineData("-1")]
    public async Task Blob_that_is_too_large_is_an_error(string length)
    {
        using TargetProcess target = await TargetProcess.StartAsync("recovery");
        using var client = new EngineClient(target.Address);
        using EngineWebSocket socket = await client.JoinAsync();
        await socket.ReadAsync();

        await socket.SendAsync($"421[\"blob\",{length}]");

        (await socket.ReadAsync()).ShouldBe("431[{\"error\":\"argument 1: expected 0 to 10000000\"}]");
        await socket.SendAsync("422[\"blob\",3]");
        (await socket.ReadAsync()).ShouldBe("461-2[{\"_placeholder\":true,\"num\":0}]");
        (await socket.ReadBinaryAsync()).ShouldBe("aaa"u8.ToArray());
    }

    [Fact]
    public async Task Reason_of_a_recovered_socket_is_null_while_it_is_there_and_then_that_of_its_last_departure()
    {
        using TargetProcess target = await TargetProcess.StartAsync("recovery");
        using var client = new EngineClient(target.Address);
        using EngineWebSocket witness = await client.JoinAsync();
        await witness.ReadAsync();
        (EngineWebSocket first, string id, string pid) = await JoinAsync(string.Empty);
        first.Socket.Abort();
        await ReasonIsAsync("\"transport close\"");

        (EngineWebSocket second, string idAgain, _) = await JoinAsync($$"""{"pid":"{{pid}}"}""");
        idAgain.ShouldBe(id);
        await ReasonIsAsync("null");
        await second.SendAsync("41");
        await ReasonIsAsync("\"client namespace disconnect\"");
        first.Dispose();
        second.Dispose();

        async Task<(EngineWebSocket Socket, string Id, string Pid)> JoinAsync(string auth)
        {
            EngineWebSocket socket = await client.OpenWebSocketAsync();
            await socket.ReadAsync();
            await socket.SendAsync("40" + auth);
            JsonElement answer = JsonDocument.Parse((await socket.ReadAsync()).AsMemory(2)).RootElement;
            return (socket, answer.GetProperty("sid").GetString()!, answer.GetProperty("pid").GetString()!);
        }

        async Task ReasonIsAsync(string expected)
        {
            string answer = string.Empty;
            for (int i = 0; i < 10_000 && answer != $"431[{expected}]"; i++)
            {
                await witness.SendAsync($"421[\"reason-of\",\"{id}\"]");
                answer = await witness.ReadAsync();
            }

            answer.ShouldBe($"431[{expected}]");
        }
    }

    [Theory]
    [InlineData("41", "client namespace disconnect")]
    [InlineData("42[\"kick\"]", "server namespace disconnect")]
    [InlineData("42[\"kick\",true]", "server namespace disconnect")]
    [InlineData("1", "transport close")]
    [InlineData("459-[]", "transport error")]
    [InlineData("42{}", "transport error")]
    [InlineData("x", "transport error")]
    public async Task Reason_of_tells_why_a_socket_left(string packet, string reason)
    {
        using TargetProcess target = await TargetProcess.StartAsync("recovery");
        using var client = new EngineClient(target.Address);
        using EngineWebSocket witness = await client.JoinAsync();
        await witness.ReadAsync();
        using EngineWebSocket socket = await client.OpenWebSocketAsync();
        await socket.ReadAsync();
        await socket.SendAsync("40");
        string connected = await socket.ReadAsync();
        string id = JsonDocument.Parse(connected.AsMemory(2)).RootElement.GetProperty("sid").GetString()!;
        (await ReasonOfAsync($"\"{id}\"")).ShouldBe("431[null]");

        await socket.SendAsync(packet);

        string answer;
        while ((answer = await ReasonOfAsync($"\"{id}\"")) == "431[null]")
        {
        }

        answer.ShouldBe($"431[\"{reason}\"]");
        (await ReasonOfAsync("null")).ShouldBe("431[null]");

        async Task<string> ReasonOfAsync(string argument)
        {
            await witness.SendAsync($"421[\"reason-of\",{argument}]");
            return await witness.ReadAsync();
        }
    }
}
