using System.Net.WebSockets;
using System.Text;
using System.Text.Json;
using Carillon.AspNetCore.Tests.Channels;
using Carillon.AspNetCore.WebSockets;
using Carillon.Connections;
using Carillon.Hubs;
using Shouldly;
using Xunit;
using ManualTimeProvider = Carillon.Engines.Conformance.ManualTimeProvider;

namespace Carillon.AspNetCore.Tests.WebSockets;

/// <summary>Input that means no good: a clear error, nothing stored, and the connection stays.</summary>
public sealed class TopicSocketHostilityTests
{
    public static TheoryData<string, string> WrongCommands { get; } = new()
    {
        { "5", "invalid_json" },
        { "[]", "invalid_json" },
        { "{}", "missing_field" },
        { """{"type":5}""", "invalid_field" },
        { """{"type":"ping"}""", "invalid_field" },
        { """{"type":"PING","type":"PING"}""", "duplicate_key" },
        { """{"type":"SUBSCRIBE"}""", "missing_field" },
        { """{"type":"SUBSCRIBE","topics":"a"}""", "invalid_field" },
        { """{"type":"SUBSCRIBE","topics":[]}""", "invalid_field" },
        { """{"type":"SUBSCRIBE","topics":[5]}""", "invalid_field" },
        { """{"type":"SUBSCRIBE","topics":[["a"]]}""", "invalid_field" },
        { """{"type":"SUBSCRIBE","topics":[{"topic":5}]}""", "invalid_field" },
        { """{"type":"SUBSCRIBE","topics":["a"],"since":5}""", "invalid_field" },
        { """{"type":"SUBSCRIBE","topics":["a"],"consumer":5}""", "invalid_field" },
        { """{"type":"SUBSCRIBE","topics":["a"],"authorization":"x"}""", "invalid_field" },
        { """{"type":"SUBSCRIBE","topics":["a"],"authorization":{}}""", "missing_field" },
        { """{"type":"SUBSCRIBE","topics":["a"],"authorization":{"type":"name","token":5}}""", "invalid_field" },
        { """{"type":"PUBLISH","topic":"a"}""", "missing_field" },
        { """{"type":"PUBLISH","message":1}""", "missing_field" },
        { """{"type":"PUBLISH","topic":5,"message":1}""", "invalid_field" },
        { """{"type":"PUBLISH","topic":"$a","message":1}""", "invalid_field" },
        { """{"type":"PUBLISH","topic":"a\u0000b","message":1}""", "invalid_field" },
        { """{"type":"PUBLISH","topic":"a","message":1,"message_id":5}""", "invalid_field" },
        { """{"type":"PUBLISH","topic":"a","message":1,"producer":"\n"}""", "invalid_field" },
        { """{"type":"PUBLISH","topic":"a","message":{"k":1,"k":2}}""", "duplicate_key" },
        { """{"type":"CONSUMED","topic":"a","message_id":"m"}""", "missing_field" },
        { """{"type":"AUTHENTICATE"}""", "missing_field" },
        { """{"type":"PUBLISH","topic":"TENKB","message":1}""", "invalid_field" },
        { """{"type":"PUBLISH","topic":"a","message":DEEP}""", "invalid_json" },
        { """{"type":"PUBLISH","topic":"a","message":"HUGE"}""", "payload_too_large" },
        { """{"type":"PING","nonce":"TENKB"}""", "invalid_field" },
    };

    [Theory]
    [MemberData(nameof(WrongCommands))]
    public async Task A_wrong_structure_gets_an_error_and_the_connection_stays(string command, string code)
    {
        await using TopicSocketApplication application = await TopicSocketApplication.StartAsync();
        await using TopicSocketClient client = await application.ConnectAsync();
        command = command
            .Replace("TENKB", new string('x', 10_000), StringComparison.Ordinal)
            .Replace("DEEP", new string('[', 10_000) + new string(']', 10_000), StringComparison.Ordinal)
            .Replace("HUGE", new string('x', 300_000), StringComparison.Ordinal);
        JsonElement answer = await client.AskAsync(command);
        answer.GetProperty("error").GetString().ShouldNotBeNullOrEmpty();
        answer.GetProperty("code").GetString().ShouldBe(code);
        (await client.AskAsync("""{"type":"PING"}""")).GetProperty("type").GetString().ShouldBe("PONG");
        application.Hub.TopicCount.ShouldBe(0);
    }

    [Fact]
    public async Task Garbage_is_ignored_and_logged_once_in_ten_seconds()
    {
        var time = new ManualTimeProvider();
        await using TopicSocketApplication application = await TopicSocketApplication.StartAsync(time: time);
        await using TopicSocketClient client = await application.ConnectAsync();
        foreach (string garbage in new[] { string.Empty, "hello", "{\"type\":", "{'type':'PING'}", "\0", "{} {}" })
        {
            await client.SendAsync(garbage);
        }

        (await client.AskAsync("""{"type":"PING","nonce":1}""")).GetProperty("nonce").GetInt32().ShouldBe(1);
        application.Log.Entries.Count(entry => entry.Text.Contains("not JSON", StringComparison.Ordinal)).ShouldBe(1);

        time.Advance(TimeSpan.FromSeconds(10));
        await client.SendAsync("hello again");
        await client.AskAsync("""{"type":"PING"}""");
        application.Log.Entries.ShouldContain(entry => entry.Text.StartsWith("6 messages that are not JSON", StringComparison.Ordinal)); // Five of those before, and this one.
    }

    [Fact]
    public async Task Binary_messages_get_an_error()
    {
        await using TopicSocketApplication application = await TopicSocketApplication.StartAsync();
        await using TopicSocketClient client = await application.ConnectAsync();
        await client.SendAsync(Encoding.UTF8.GetBytes("""{"type":"PING"}"""), WebSocketMessageType.Binary);
        (await client.NextAsync()).GetProperty("code").GetString().ShouldBe("bad_request");
    }

    [Theory]
    [InlineData(SocketHost.Held)]
    [InlineData(SocketHost.Request)]
    [InlineData(SocketHost.Http2)]
    public async Task A_message_over_the_limit_closes_with_1009_and_one_at_the_limit_is_read(SocketHost host)
    {
        await using TopicSocketApplication application = await TopicSocketApplication.StartAsync(host, sockets: new TopicSocketOptions { MaxMessageSize = 1024 });
        await using TopicSocketClient client = await application.ConnectAsync();
        string command = """{"type":"PING"}""".PadRight(1024);
        (await client.AskAsync(command)).GetProperty("type").GetString().ShouldBe("PONG");

        await client.SendAsync(command + " ");

        (await client.ClosedAsync()).Code.ShouldBe(1009);
        application.Hub.TopicCount.ShouldBe(0);
    }

    [Theory]
    [InlineData(1022, null)]
    [InlineData(1023, "invalid_field")]
    public async Task A_nonce_is_at_most_1024_bytes(int letters, string? code)
    {
        await using TopicSocketApplication application = await TopicSocketApplication.StartAsync();
        await using TopicSocketClient client = await application.ConnectAsync();

        JsonElement answer = await client.AskAsync($$"""{"type":"PING","nonce":"{{new string('x', letters)}}"}""");

        (answer.TryGetProperty("code", out JsonElement found) ? found.GetString() : null).ShouldBe(code);
        (answer.TryGetProperty("nonce", out JsonElement nonce) ? nonce.GetString()!.Length : 0).ShouldBe(code is null ? letters : 0);
    }

    [Fact]
    public async Task A_wrong_structure_is_answered_with_its_field_and_its_nonce()
    {
        await using TopicSocketApplication application = await TopicSocketApplication.StartAsync();
        await using TopicSocketClient client = await application.ConnectAsync();

        JsonElement answer = await client.AskAsync("""{"type":"PUBLISH","topic":"t","message":1,"producer":[],"nonce":[1]}""");

        (answer.GetProperty("field").GetString(), answer.GetProperty("nonce").GetRawText()).ShouldBe(("producer", "[1]"));
    }

    [Fact]
    public async Task A_flood_of_subscriptions_ends_at_the_limit()
    {
        await using TopicSocketApplication application = await TopicSocketApplication.StartAsync(options: new HubOptions { MaxSubscriptionsPerSession = 10 });
        await using TopicSocketClient client = await application.ConnectAsync();
        string names = string.Join(',', Enumerable.Range(0, 1000).Select(i => $"\"t{i}\""));
        JsonElement answer = await client.AskAsync($$"""{"type":"SUBSCRIBE","topics":[{{names}}]}""");
        answer.GetProperty("success").GetArrayLength().ShouldBe(10);
        answer.GetProperty("error_details")[0].GetProperty("code").GetString().ShouldBe("too_many_subscriptions");
        (await client.AskAsync($$"""{"type":"SUBSCRIBE","topics":[{{names}},"one"]}""")).GetProperty("code").GetString().ShouldBe("invalid_field");
        application.Hub.TopicCount.ShouldBe(10);
    }

    [Fact]
    public async Task A_client_that_never_reads_is_cut_off_and_hurts_nobody()
    {
        var sockets = new TopicSocketOptions { Outbox = new OutboxOptions { MaxBytes = 64 * 1024, BurstTime = TimeSpan.Zero, WriteTimeout = TimeSpan.FromSeconds(1) } };
        await using TopicSocketApplication application = await TopicSocketApplication.StartAsync(sockets: sockets);
        await using TopicSocketClient deaf = await application.ConnectAsync();
        await deaf.SendAsync("""{"type":"SUBSCRIBE","topics":["t"]}""");
        await using TopicSocketClient writer = await application.ConnectAsync();
        string publish = $$"""{"type":"PUBLISH","topic":"t","message":"{{new string('x', 50_000)}}"}""";
        await Eventually.ShouldAsync(async () =>
        {
            (await writer.AskAsync(publish)).GetProperty("errors").GetArrayLength().ShouldBe(0);
            return application.Log.Entries.Any(entry => entry.Text.Contains("reads too slowly", StringComparison.Ordinal));
        });
        (await writer.AskAsync("""{"type":"PING"}""")).GetProperty("type").GetString().ShouldBe("PONG");
    }
}
