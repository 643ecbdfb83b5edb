using System.Text.Json;
using Shouldly;
using Xunit;

namespace Carillon.AspNetCore.Tests.WebSockets;

/// <summary>Each field of each command with each wrong value: an error each time, nothing stored, and the connection stays.</summary>
public sealed class TopicSocketFieldTests
{
    private static readonly string[] Codes = ["invalid_field", "missing_field", "invalid_json", "duplicate_key", "payload_too_large", "unauthorized"];

    public static TheoryData<string, string, string> Fields { get; } = new()
    {
        { "SUBSCRIBE", "topics", "" },
        { "SUBSCRIBE", "since", """ "topics":["t"] """ },
        { "SUBSCRIBE", "consumer", """ "topics":["t"] """ },
        { "SUBSCRIBE", "authorization", """ "topics":["t"] """ },
        { "UNSUBSCRIBE", "topics", "" },
        { "PUBLISH", "topic", """ "message":1 """ },
        { "PUBLISH", "message", """ "topic":"t" """ },
        { "PUBLISH", "message_id", """ "topic":"t","message":1 """ },
        { "PUBLISH", "producer", """ "topic":"t","message":1 """ },
        { "PUBLISH", "authorization", """ "topic":"t","message":1 """ },
        { "CONSUMED", "consumer", """ "topic":"t","message_id":"m" """ },
        { "CONSUMED", "topic", """ "consumer":"c","message_id":"m" """ },
        { "CONSUMED", "message_id", """ "consumer":"c","topic":"t" """ },
        { "CONSUMED", "message", """ "consumer":"c","topic":"t","message_id":"m" """ },
        { "AUTHENTICATE", "authorization", "" },
    };

    [Theory]
    [MemberData(nameof(Fields))]
    public async Task Wrong_values_of_a_field_are_refused_and_nothing_is_stored(string type, string field, string others)
    {
        await using TopicSocketApplication application = await TopicSocketApplication.StartAsync();
        await using TopicSocketClient client = await application.ConnectAsync();
        foreach (string value in ValuesFor(field))
        {
            JsonElement answer = await client.AskAsync($$"""{"type":"{{type}}","{{field}}":{{value}}{{(others.Length > 0 ? "," : string.Empty)}}{{others}},"nonce":1}""");

            string shown = $"{field}: {value[..Math.Min(value.Length, 80)]}";
            JsonElement told = answer.TryGetProperty("error_details", out JsonElement details) ? details[0] : answer;
            string? code = told.GetProperty("code").GetString();
            code.ShouldBeOneOf(Codes);
            answer.TryGetProperty("nonce", out _).ShouldBe(code is not ("invalid_json" or "duplicate_key"), shown); // Nothing is believed of what is no object of single keys.
            answer.TryGetProperty("success", out JsonElement success).ShouldBe(details.ValueKind == JsonValueKind.Array, shown);
            (success.ValueKind == JsonValueKind.Array ? success.GetArrayLength() : 0).ShouldBe(0, shown);
        }

        application.Hub.TopicCount.ShouldBe(0);
        foreach (string listing in new[] { "/messages", "/consumptions", "/clients" })
        {
            (await application.GetAsync(listing)).Text.ShouldBe("[]");
        }
    }

    [Fact]
    public async Task Texts_that_are_no_topic_are_refused_each_by_itself()
    {
        await using TopicSocketApplication application = await TopicSocketApplication.StartAsync();
        await using TopicSocketClient client = await application.ConnectAsync();
        string[] names = ["\"\"", "\"$sys\"", "\"a\\u0000b\"", "\"a\\r\\nb\"", $"\"{HostileJson.LongName}\"", "\"a.>.b\""];

        JsonElement answer = await client.AskAsync($$"""{"type":"SUBSCRIBE","topics":["good",{{string.Join(',', names)}}]}""");

        answer.GetProperty("success").GetRawText().ShouldBe("""["good"]""");
        answer.GetProperty("error_details").EnumerateArray().ShouldAllBe(static detail => detail.GetProperty("code").GetString() == "invalid_field");
        answer.GetProperty("error_details").GetArrayLength().ShouldBe(names.Length);
        answer.GetProperty("error_details").EnumerateArray().ShouldAllBe(static detail => detail.GetProperty("topic").GetString()!.Length <= 255);
        application.Hub.TopicCount.ShouldBe(1);
    }

    private static string[] ValuesFor(string field) => field switch
    {
        "topic" => HostileJson.NoTopics,
        "topics" => HostileJson.NoTopicLists,
        "since" => HostileJson.NoPlaces,
        "authorization" => HostileJson.NoCredentials,
        "message" => HostileJson.NoPayloads,
        _ => HostileJson.NoIdentifiers,
    };
}
