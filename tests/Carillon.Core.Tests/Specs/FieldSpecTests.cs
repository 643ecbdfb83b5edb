using System.Text.Json;
using Carillon.Errors;
using Carillon.Specs;
using FsCheck;
using FsCheck.Fluent;
using Shouldly;
using Xunit;

namespace Carillon.Tests.Specs;

public sealed class FieldSpecTests
{
    private static readonly FieldSpec Order = Spec(("id", "integer"), ("price", "number?"), ("text", "optional string"), ("tags", "optional array"), ("more", "optional any"), ("été", "optional boolean?"));

    [Theory]
    [InlineData("""{"id":1,"price":1.5}""")]
    [InlineData("""{"price":null,"id":1e2,"text":"x","tags":[{"deep":[1]}],"more":null,"été":false}""")]
    [InlineData("""{"\u0069d":-0.0,"price":0,"\u00e9t\u00e9":null}""")]
    public void Check_payloads_with_these_fields_fit(string payload) => Order.Check(payload).ShouldBeNull();

    [Theory]
    [InlineData("""{"price":1}""", "message.id", "is missing")]
    [InlineData("""{"id":1.5,"price":1}""", "message.id", "must be an integer, not a number with a fraction")]
    [InlineData("""{"id":null,"price":1}""", "message.id", "must be an integer, not null")]
    [InlineData("""{"id":1,"price":"1"}""", "message.price", "must be a number or null, not a string")]
    [InlineData("""{"id":1,"price":1,"text":null}""", "message.text", "must be a string, not null")]
    [InlineData("""{"id":1,"price":1,"tags":{}}""", "message.tags", "must be an array, not an object")]
    [InlineData("""{"id":1,"price":1,"été":1}""", "message.été", "must be a boolean or null, not a number")]
    [InlineData("""{"id":1,"price":1,"Id":2}""", "message.Id", "is not allowed")]
    [InlineData("""{"id":1,"price":1,"a\u0000b":2}""", """message["a\u0000b"]""", "is not allowed")]
    [InlineData("[1]", "message", "must be an object, not an array")]
    [InlineData("null", "message", "must be an object, not null")]
    public void Check_names_the_field_and_what_was_expected(string payload, string place, string expectation)
    {
        Error error = Order.Check(payload).ShouldNotBeNull();

        error.Code.ShouldBe(ErrorCode.SpecViolation);
        error.Field.ShouldBe(place);
        error.Message.ShouldBe($"Field '{place}' {expectation}");
    }

    [Fact]
    public void Check_a_long_unknown_key_is_shortened_even_when_it_is_escaped()
    {
        string key = new('k', 5000);

        Order.Check($$"""{"{{key}}":1}""").ShouldNotBeNull().Field.ShouldBe($"message.{key[..64]}…");
        Order.Check($$"""{"\u006b{{key}}":1}""").ShouldNotBeNull().Field.ShouldBe($"message.{key[..64]}…");
    }

    [Fact]
    public void Check_only_an_empty_object_fits_no_fields()
    {
        Spec().Check("{}").ShouldBeNull();
        Spec().Check("""{"\u0061":1}""").ShouldNotBeNull();
    }

    [Theory]
    [InlineData("text")]
    [InlineData("")]
    [InlineData("String")]
    [InlineData("string??")]
    [InlineData("null")]
    [InlineData("optional")]
    [InlineData("string optional")]
    [InlineData(" string")]
    public void TryParse_refuses_an_unknown_rule_by_name_of_the_field(string rule)
    {
        var fields = new Dictionary<string, string> { ["a"] = "string", ["b"] = rule };

        FieldSpec.TryParse(fields, out _, out Error? error).ShouldBeFalse();

        error.ShouldNotBeNull().Field.ShouldBe("b");
        error.Message.ShouldContain("'optional '");
        Should.Throw<ArgumentException>(() => FieldSpec.Parse(fields)).Message.ShouldContain("'b'");
    }

    [Fact]
    public void TryParse_bounds_names_and_their_number()
    {
        FieldSpec.TryParse(Fields(256), out _, out _).ShouldBeTrue();
        FieldSpec.TryParse(Fields(257), out _, out _).ShouldBeFalse();
        FieldSpec.TryParse(new Dictionary<string, string> { [new string('é', 127)] = "any" }, out _, out _).ShouldBeTrue();
        FieldSpec.TryParse(new Dictionary<string, string> { [new string('é', 128)] = "any" }, out _, out _).ShouldBeFalse();

        static Dictionary<string, string> Fields(int count) => Enumerable.Range(0, count).ToDictionary(i => $"field{i}", _ => "any");
    }

    [Fact]
    public void Check_says_the_same_as_a_naive_model() => Check.One(Config.QuickThrowOnFailure.WithMaxTest(3000).WithQuietOnSuccess(true), Prop.ForAll<int>(seed =>
    {
        var random = new Random(seed);
        string[] names = ["a", "b", "é", "key with space", "x\"y"];
        string[] types = ["string", "number", "integer", "boolean", "object", "array", "any"];
        var rules = names.Where(_ => random.Next(3) > 0)
            .ToDictionary(name => name, _ => $"{(random.Next(2) == 0 ? "optional " : "")}{types[random.Next(types.Length)]}{(random.Next(2) == 0 ? "?" : "")}");
        string payload = RandomJson.Write(random.Next(10) == 0 ? RandomJson.Value(random) : Members(rules, random), random);

        bool fits = FieldSpec.Parse(rules).Check(payload) is null;

        fits.ShouldBe(Model(rules, JsonElement.Parse(payload)), $"{payload} {string.Join(", ", rules)}");
    }));

    [Fact]
    public void Check_allocates_nothing_for_a_payload_that_fits()
    {
        byte[] payload = Payload.Of("""{"id":1,"price":1.5,"t\u0065xt":"some","tags":[1,2]}""");
        for (int i = 0; i < 100; i++)
        {
            Order.Check(payload).ShouldBeNull();
        }

        long before = GC.GetAllocatedBytesForCurrentThread();
        Error? error = Order.Check(payload);
        long allocated = GC.GetAllocatedBytesForCurrentThread() - before;

        error.ShouldBeNull();
        allocated.ShouldBe(0);
    }

    private static Dictionary<string, object?> Members(Dictionary<string, string> rules, Random random)
    {
        var members = new Dictionary<string, object?>();
        foreach ((string name, string rule) in rules)
        {
            if (random.Next(8) > 0)
            {
                members[name] = random.Next(8) == 0 ? RandomJson.Value(random) : Fitting(rule, random);
            }
        }

        if (random.Next(6) == 0)
        {
            members["unknown"] = null;
        }

        return members;
    }

    private static object? Fitting(string rule, Random random) => rule.Split(' ')[^1].TrimEnd('?') switch
    {
        "string" => "é",
        "number" => 1.5m,
        "integer" => 2m,
        "boolean" => true,
        "object" => new Dictionary<string, object?> { ["a"] = RandomJson.Value(random) },
        "array" => new List<object?> { RandomJson.Value(random) },
        _ => RandomJson.Value(random),
    };

    private static bool Model(Dictionary<string, string> rules, JsonElement payload) =>
        payload.ValueKind == JsonValueKind.Object
        && payload.EnumerateObject().All(member => rules.TryGetValue(member.Name, out string? rule) && Takes(rule, member.Value))
        && rules.All(rule => rule.Value.StartsWith("optional", StringComparison.Ordinal) || payload.TryGetProperty(rule.Key, out _));

    private static bool Takes(string rule, JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Null => rule.EndsWith('?') || rule.EndsWith("any", StringComparison.Ordinal),
        JsonValueKind.Number when rule.Contains("integer", StringComparison.Ordinal) => value.GetDecimal() % 1 == 0,
        JsonValueKind.Number => rule.Contains("number", StringComparison.Ordinal) || rule.Contains("any", StringComparison.Ordinal),
        JsonValueKind.True or JsonValueKind.False => rule.Contains("boolean", StringComparison.Ordinal) || rule.Contains("any", StringComparison.Ordinal),
        _ => rule.Contains(value.ValueKind.ToString(), StringComparison.OrdinalIgnoreCase) || rule.Contains("any", StringComparison.Ordinal),
    };

    private static FieldSpec Spec(params (string Name, string Rule)[] fields) => FieldSpec.Parse(fields.ToDictionary(field => field.Name, field => field.Rule));
}
