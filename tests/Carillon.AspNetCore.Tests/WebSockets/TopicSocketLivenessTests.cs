using System.Buffers.Binary;
using System.Text;
using Carillon.AspNetCore.WebSockets;
using Carillon.Engines.Conformance;
using Carillon.Hubs;
using Carillon.Rules;
using Shouldly;
using Xunit;

namespace Carillon.AspNetCore.Tests.WebSockets;

/// <summary>Silent clients, and what counts as a ping.</summary>
public sealed class TopicSocketLivenessTests
{
    private readonly ManualTimeProvider _time = new();

    [Fact]
    public async Task A_silent_client_is_pinged_after_25_seconds_and_closed_when_it_does_not_answer()
    {
        await using TopicSocketApplication application = await TopicSocketApplication.StartAsync(time: _time);
        using RawSocket client = await RawSocket.ConnectAsync(application.Address);

        ((int opcode, byte[] payload), TimeSpan silent) = await PassUntilAsync(client.NextAsync());
        opcode.ShouldBe(RawSocket.Ping);
        silent.ShouldBeGreaterThan(TimeSpan.FromSeconds(25));
        ((opcode, payload), silent) = await PassUntilAsync(client.NextAsync());

        silent.ShouldBeGreaterThan(TimeSpan.FromSeconds(19)); // The ping was sent a little before it was read.
        opcode.ShouldBe(RawSocket.Close);
        BinaryPrimitives.ReadUInt16BigEndian(payload).ShouldBe((ushort)1008);
        Encoding.UTF8.GetString(payload, 2, payload.Length - 2).ShouldBe("the client did not answer a ping");
    }

    [Fact]
    public async Task A_client_that_answers_pings_stays()
    {
        var sockets = new TopicSocketOptions { PingInterval = TimeSpan.FromMilliseconds(20), PingTimeout = TimeSpan.FromSeconds(20) };
        await using TopicSocketApplication application = await TopicSocketApplication.StartAsync(sockets: sockets);
        using RawSocket client = await RawSocket.ConnectAsync(application.Address);
        for (int i = 0; i < 5; i++)
        {
            // The server pings again only when the last one was answered.
            (int opcode, byte[] payload) = await client.NextAsync();
            opcode.ShouldBe(RawSocket.Ping);
            await client.SendAsync(RawSocket.Pong, Encoding.UTF8.GetString(payload));
        }
    }

    [Theory]
    [InlineData(RawSocket.Text, """{"type":"PING"}""", RawSocket.Text)]
    [InlineData(RawSocket.Ping, "", RawSocket.Pong)]
    public async Task Pings_of_both_kinds_count_for_the_rule_and_nothing_else_does(int opcode, string text, int answer)
    {
        var hub = new HubOptions { Rules = [HubRule.PingInterval()] };
        await using TopicSocketApplication application = await TopicSocketApplication.StartAsync(options: hub, sockets: new TopicSocketOptions { PingInterval = TimeSpan.FromDays(1) }, time: _time);
        using RawSocket client = await RawSocket.ConnectAsync(application.Address);
        for (int i = 0; i < 3; i++)
        {
            Pass(i * 100); // 0, 100 and 200 s: more than the rule allows in all.
            await client.SendAsync(opcode, text);
            (await client.NextAsync()).Opcode.ShouldBe(answer);
            await SubscribeAsync(client);
        }

        Pass(200);
        await SubscribeAsync(client);
        Pass(102);

        (int told, byte[] payload) = await client.NextAsync();
        told.ShouldBe(RawSocket.Text);
        Encoding.UTF8.GetString(payload).ShouldBe("""{"error":"A client must ping at least every 300 seconds","code":"rule_broken"}""");
        (await client.NextAsync()).Opcode.ShouldBe(RawSocket.Close);
    }

    private static async Task SubscribeAsync(RawSocket client)
    {
        await client.SendAsync(RawSocket.Text, """{"type":"SUBSCRIBE","topics":["t"]}""");
        (await client.NextAsync()).Opcode.ShouldBe(RawSocket.Text);
    }

    // Lets time pass, much faster than it would by itself, and says how much did.
    private async Task<((int Opcode, byte[] Payload) Frame, TimeSpan Passed)> PassUntilAsync(Task<(int Opcode, byte[] Payload)> frame)
    {
        long began = _time.GetTimestamp();
        while (!frame.IsCompleted)
        {
            _time.Advance(TimeSpan.FromSeconds(0.5));
            await Task.Delay(1);
        }

        return (await frame, _time.GetElapsedTime(began));
    }

    private void Pass(int seconds)
    {
        for (int i = 0; i < seconds; i++)
        {
            _time.Advance(TimeSpan.FromSeconds(1));
        }
    }
}
