using System.Text;
using Carillon.Errors;
using Carillon.Json;
using Shouldly;
using Xunit;

namespace Carillon.Tests.Json;

public sealed class JsonShapeTests
{
    private static readonly JsonShape Shape = new("topic", "message");

    [Theory]
    [InlineData("1e400")]
    [InlineData("12345678901234567890")]
    [InlineData("0.1000")]
    [InlineData("\"\\u00e9\\ud83d\\ude00\"")]
    [InlineData("\"😀\"")]
    [InlineData("{\"b\":1,\"a\":[true,false,null]}")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("\"\"")]
    public void TryRead_finds_a_value_as_it_was_written(string value)
    {
        byte[] text = Encoding.UTF8.GetBytes($$"""{"topic":"t", "other": [{}], "message" : {{value}} }""");
        Span<JsonField> fields = stackalloc JsonField[2];

        Shape.TryRead(text, fields, out Error? error).ShouldBeTrue(error?.Message);

        Encoding.UTF8.GetString(fields[1].Raw(text)).ShouldBe(value);
        Encoding.UTF8.GetString(fields[0].Raw(text)).ShouldBe("\"t\"");
    }

    [Theory]
    [InlineData("""{"topic":1,"topic":2}""", "topic")]
    [InlineData("""{"other":1,"other":2}""", "other")]
    [InlineData("""{"topic":1,"\u0074opic":2}""", "topic")]
    [InlineData("""{"message":{"a":{"b":1,"c":2,"b":3}}}""", "message")]
    [InlineData("""{"message":[{"a":1},{"a":1,"a":2}]}""", "message")]
    public void TryRead_a_key_that_stands_twice_is_refused_by_name(string text, string field)
    {
        Error error = Refuse(text);

        error.Code.ShouldBe(ErrorCode.DuplicateKey);
        error.Field.ShouldBe(field);
    }

    [Theory]
    [InlineData("""{"message":[{"a":1},{"a":1}],"other":{"a":{"a":{"a":1}}}}""")]
    [InlineData("""{"message":{"a":1,"b":{"a":1}},"a":2,"b":3}""")]
    public void TryRead_the_same_key_in_different_objects_is_accepted(string text) =>
        Shape.TryRead(Encoding.UTF8.GetBytes(text), new JsonField[2], out _).ShouldBeTrue();

    [Fact]
    public void TryRead_finds_a_duplicate_among_many_keys()
    {
        string many = string.Join(',', Enumerable.Range(0, 5000).Select(i => $"\"key{i}\":{i}"));

        Shape.TryRead(Encoding.UTF8.GetBytes("{\"message\":{" + many + "}}"), new JsonField[2], out _).ShouldBeTrue();
        Refuse("{\"message\":{" + many + ",\"key17\":0}}").Code.ShouldBe(ErrorCode.DuplicateKey);
        Refuse("{\"message\":{" + many + ",\"key4999\":0}}").Code.ShouldBe(ErrorCode.DuplicateKey);
    }

    [Fact]
    public void TryRead_a_large_object_inside_another_leaves_the_outer_keys_known()
    {
        string many = string.Join(',', Enumerable.Range(0, 50).Select(i => $"\"key{i}\":{i}"));

        Refuse("{\"message\":{\"a\":1,\"b\":{" + many + "},\"a\":2}}").Code.ShouldBe(ErrorCode.DuplicateKey);
    }

    [Fact]
    public void TryRead_64_levels_pass_and_65_are_refused_by_name()
    {
        Shape.TryRead(Encoding.UTF8.GetBytes(Nested(64)), new JsonField[2], out _).ShouldBeTrue();

        Error error = Refuse(Nested(65));
        error.Message.ShouldContain("64 levels");
        error.Field.ShouldBe("message");
        Refuse(Nested(100_000)).Field.ShouldBe("message");
    }

    [Theory]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("""{"topic":"t",}""")]
    [InlineData("""{"topic":"t"} x""")]
    [InlineData("""{"topic":"t"}{}""")]
    [InlineData("""{"topic":NaN}""")]
    [InlineData("""{"topic":01}""")]
    [InlineData("{\"topic\":\"a\nb\"}")]
    [InlineData("[]")]
    [InlineData("\"text\"")]
    [InlineData("""{"\ud800":1}""")]
    public void TryRead_what_is_no_object_of_json_is_refused(string text) =>
        Refuse(text).Code.ShouldBe(ErrorCode.InvalidJson);

    [Fact]
    public void TryRead_bytes_that_are_not_UTF8_are_refused()
    {
        Shape.TryRead([.. "{\"topic\":\""u8, 0xC3, 0x28, .. "\"}"u8], new JsonField[2], out Error? error).ShouldBeFalse();

        error.ShouldNotBeNull().Message.ShouldContain("UTF-8");
    }

    private static string Nested(int depth) => $$"""{"topic":"t","message":{{new string('[', depth)}}{{new string(']', depth)}}}""";

    private static Error Refuse(string text)
    {
        Shape.TryRead(Encoding.UTF8.GetBytes(text), new JsonField[2], out Error? error).ShouldBeFalse();
        return error.ShouldNotBeNull();
    }
}
