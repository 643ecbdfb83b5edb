using System.Text.Json;
using System.Text.Json.Nodes;
using Carillon.Errors;
using Carillon.Specs;
using Shouldly;
using Xunit;

namespace Carillon.Tests.Specs;

/// <summary>Payloads that are made to be expensive. A check that multiplied its work would take hours for them, not the seconds it is given.</summary>
public sealed class JsonSchemaWorkTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    [Fact]
    public async Task Check_alternatives_that_contain_each_other_do_not_multiply()
    {
        const string schema =
            """
            {"$ref":"#/$defs/tree","$defs":{"tree":{"anyOf":[
              {"type":"integer","minimum":5},
              {"type":"object","properties":{"a":{"$ref":"#/$defs/tree"}},"required":["x"]},
              {"type":"object","properties":{"a":{"$ref":"#/$defs/tree"}},"required":["y"]},
              {"type":"object","properties":{"a":{"$ref":"#/$defs/tree"}},"maxProperties":MAX}]}}}
            """;

        string payload = Nested(60, "5");
        (await CheckAsync(schema.Replace("MAX", "2", StringComparison.Ordinal), payload)).ShouldBeNull();
        (await CheckAsync(schema.Replace("MAX", "0", StringComparison.Ordinal), payload)).ShouldNotBeNull().Message.ShouldContain("at least one of the 4 schemas");
    }

    [Fact]
    public async Task Check_what_takes_too_much_work_is_refused()
    {
        // A step for each alternative and item, and nothing else: 400 for two bytes.
        string alternatives = string.Join(',', Enumerable.Range(0, 400).Select(i => $$"""{"const":"{{i}}"}"""));

        Error? error = await CheckAsync("{\"items\":{\"anyOf\":[" + alternatives + ",true]}}", $"[{string.Join(',', Enumerable.Repeat(1, 10_000))}]");

        error.ShouldNotBeNull().Message.ShouldContain("too much work");
        error.Field.ShouldBe("message");
    }

    [Fact]
    public async Task Check_many_unique_items_do_not_cost_their_square()
    {
        string[] items = [.. Enumerable.Range(0, 100_000).Select(i => i.ToString())];

        (await CheckAsync("""{"uniqueItems":true}""", $"[{string.Join(',', items)}]")).ShouldBeNull();
        items[99_999] = "17e0";
        (await CheckAsync("""{"uniqueItems":true}""", $"[{string.Join(',', items)}]")).ShouldNotBeNull().Field.ShouldBe("message[99999]");
    }

    [Fact]
    public async Task Check_large_objects_in_another_order_are_equal_in_time()
    {
        var members = Enumerable.Range(0, 20_000).Select(i => ($"key{i}", i)).ToList();
        string there = Object(members);
        members.Reverse();

        (await CheckAsync("""{"uniqueItems":true}""", $"[{there},{Object(members)}]")).ShouldNotBeNull().Field.ShouldBe("message[1]");

        static string Object(List<(string Key, int Value)> members) => $"{{{string.Join(',', members.Select(member => $"\"{member.Key}\":{member.Value}"))}}}";
    }

    [Theory]
    [InlineData("^(a+)+$")]
    [InlineData("^(a|a)*$")]
    [InlineData("^(a*)*b?$")]
    public async Task Check_a_pattern_takes_time_by_the_length_of_the_text_only(string pattern) =>
        (await CheckAsync(new JsonObject { ["pattern"] = pattern }.ToJsonString(), JsonSerializer.Serialize(new string('a', 200_000) + "!"))).ShouldNotBeNull();

    [Fact]
    public async Task Check_a_very_long_number_takes_time_by_its_length_only() =>
        (await CheckAsync("""{"multipleOf":0.7,"minimum":1,"type":"integer"}""", new string('7', 250_000) + "e999999999999999999999")).ShouldBeNull();

    [Fact]
    public async Task Check_the_deepest_payload_and_the_longest_chain_need_no_deeper_stack()
    {
        string chain = string.Join(',', Enumerable.Range(0, 14).Select(i => $"\"{i}\":{{\"allOf\":[{{\"$ref\":\"#/$defs/{i + 1}\"}}]}}"));
        string last = "{\"properties\":{\"a\":{\"$ref\":\"#/$defs/0\"}},\"minProperties\":1}";

        (await CheckAsync("{\"$ref\":\"#/$defs/0\",\"$defs\":{" + chain + ",\"14\":" + last + "}}", Nested(63, "{}")))
            .ShouldNotBeNull().Message.ShouldContain("at least 1 field");
    }

    [Theory]
    [InlineData("""{"type":"object","properties":{"seq":{"type":"integer"},"tags":{"uniqueItems":true,"items":{"enum":["a","b"]}}},"required":["seq"],"additionalProperties":false}""")]
    [InlineData("""{"$ref":"#/$defs/a","$defs":{"a":{"oneOf":[{"type":"null"},{"properties":{"seq":{"multipleOf":0.5},"text":{"pattern":"^x+$","maxLength":20}}}]}}}""")]
    public void Check_allocates_nothing_for_a_payload_that_fits(string schema)
    {
        JsonSchemaSpec spec = JsonSchemaSpec.Parse(schema);
        byte[] payload = schema.Contains("text", StringComparison.Ordinal) ? Payload.Of("""{"seq":1.5,"text":"xxxx"}""") : Payload.Of("""{"seq":17,"tags":["a","\u0062"]}""");
        for (int i = 0; i < 100; i++)
        {
            spec.Check(payload).ShouldBeNull();
        }

        long before = GC.GetAllocatedBytesForCurrentThread();
        Error? error = spec.Check(payload);
        long allocated = GC.GetAllocatedBytesForCurrentThread() - before;

        error.ShouldBeNull();
        allocated.ShouldBe(0);
    }

    private static string Nested(int depth, string core) => string.Concat(Enumerable.Repeat("{\"a\":", depth)) + core + new string('}', depth);

    private static Task<Error?> CheckAsync(string schema, string payload)
    {
        JsonSchemaSpec spec = JsonSchemaSpec.Parse(schema);
        byte[] bytes = Payload.Of(payload);
        return Task.Run(() => spec.Check(bytes)).WaitAsync(Patience);
    }
}
