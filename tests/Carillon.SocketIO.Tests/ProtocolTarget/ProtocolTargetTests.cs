using System.Net.WebSockets;
using System.Text;
using System.Text.Json;
using Shouldly;
using Xunit;

namespace Carillon.SocketIO.Tests.ProtocolTarget;

public sealed class ProtocolTargetTests
{
    [Theory]
    [InlineData("suite", 300, 200)]
    [InlineData("recovery", 25_000, 20_000)]
    [InlineData("client", 2000, 20_000)]
    public async Task Profile_decides_the_heartbeat_of_both_servers(string profile, int interval, int timeout)
    {
        using TargetProcess target = await TargetProcess.StartAsync(profile);
        foreach (string path in new[] { "/engine.io/", "/socket.io/" })
        {
            using var client = new EngineClient(target.Address, path);

            JsonElement open = await client.OpenPollingAsync();

            open.GetProperty("pingInterval").GetInt32().ShouldBe(interval);
            open.GetProperty("pingTimeout").GetInt32().ShouldBe(timeout);
            open.GetProperty("maxPayload").GetInt32().ShouldBe(1_000_000);
        }
    }

    [Fact]
    public async Task Target_answers_any_origin_and_sends_every_message_back()
    {
        using TargetProcess target = await TargetProcess.StartAsync("recovery"); // Echoes like the profile suite, and is patient.
        using var client = new EngineClient(target.Address, "/engine.io/");
        using var request = new HttpRequestMessage(HttpMethod.Get, "/engine.io/?EIO=4&transport=polling");
        request.Headers.Add("Origin", "https://example.org");

        using HttpResponseMessage response = await client.Http.SendAsync(request);

        response.Headers.GetValues("Access-Control-Allow-Origin").ShouldBe(["*"]);
        await client.OpenPollingAsync();
        (await client.PostAsync("4hello", "bAQID")).Body.ShouldBe("ok");
        (await client.PollPacketsAsync()).ShouldBe(["4hello", "bAQID"]);
        using var echo = new ClientWebSocket();
        await echo.ConnectAsync(new Uri($"ws://{target.Address.Authority}/echo"), default);
        using var socket = new EngineWebSocket(echo);
        await socket.SendAsync("plain");
        (await socket.ReadAsync()).ShouldBe("plain");
        await socket.SendBinaryAsync(Encoding.UTF8.GetBytes(new string('x', 100_000)));
        (await socket.ReadBinaryAsync()).Length.ShouldBe(100_000);
    }

    [Fact]
    public async Task Client_profile_answers_no_handshake_in_less_than_10_ms()
    {
        using TargetProcess target = await TargetProcess.StartAsync("client");
        using var client = new EngineClient(target.Address);
        await client.OpenPollingAsync(); // Everything is loaded now.
        for (int i = 0; i < 5; i++)
        {
            long start = TimeProvider.System.GetTimestamp();

            await client.OpenPollingAsync();

            TimeProvider.System.GetElapsedTime(start).ShouldBeGreaterThanOrEqualTo(TimeSpan.FromMilliseconds(10));
        }
    }

    [Theory]
    [InlineData]
    [InlineData("--port")]
    [InlineData("--port", "70000")]
    [InlineData("--port", "0", "--profile", "other")]
    [InlineData("--port", "0", "--profile", "1")]
    [InlineData("--prot", "0")]
    public async Task Wrong_arguments_end_it_with_the_usage(params string[] arguments)
    {
        (int exitCode, string errors) = await TargetProcess.FailAsync(arguments);

        exitCode.ShouldBe(2);
        errors.ShouldContain("usage:");
    }
}
