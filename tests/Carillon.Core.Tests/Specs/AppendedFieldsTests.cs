using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Carillon.Errors;
using Carillon.Messages;
using Carillon.Specs;
using Carillon.Topics;
using FsCheck;
using FsCheck.Fluent;
using Shouldly;
using Xunit;

namespace Carillon.Tests.Specs;

public sealed class AppendedFieldsTests
{
    private static readonly PublishContext Context = new(Name("news"), new UnixTime(1_678_886_400_123), ["alice", "acme"]);

    private static readonly AppendedField Who = AppendedField.Custom("publisher", (writer, context) => JsonSerializer.Serialize(writer, context.Publisher));

    [Theory]
    [InlineData("{}", """{"time":1678886400.123,"publisher":["alice","acme"]}""")]
    [InlineData("""{"a":1}""", """{"a":1,"time":1678886400.123,"publisher":["alice","acme"]}""")]
    [InlineData("""{"time":0}""", """{"time":1678886400.123,"publisher":["alice","acme"]}""")]
    [InlineData("""{"time":0,"a":1}""", """{"a":1,"time":1678886400.123,"publisher":["alice","acme"]}""")]
    [InlineData("""{"a":1,"time":{"x":[1]}}""", """{"a":1,"time":1678886400.123,"publisher":["alice","acme"]}""")]
    [InlineData("""{"publisher":"root","time":0}""", """{"time":1678886400.123,"publisher":["alice","acme"]}""")]
    [InlineData("""{"a":1,"publisher":"root","b":"}","time":0,"c":[]}""", """{"a":1,"b":"}","c":[],"time":1678886400.123,"publisher":["alice","acme"]}""")]
    [InlineData("""{"\u0074im\u0065":0,"a":{"time":1}}""", """{"a":{"time":1},"time":1678886400.123,"publisher":["alice","acme"]}""")]
    [InlineData("""{"a":1e400,"b":"\u00e9","Time":0}""", """{"a":1e400,"b":"\u00e9","Time":0,"time":1678886400.123,"publisher":["alice","acme"]}""")]
    public void TryAppend_puts_the_fields_at_the_end_in_the_place_of_forged_ones(string payload, string expected) =>
        Append(new AppendedFields(AppendedField.ServerTime("time"), Who), payload).ShouldBe(expected);

    [Theory]
    [InlineData("[]", "an array")]
    [InlineData("\"{}\"", "a string")]
    [InlineData("null", "null")]
    public void TryAppend_a_payload_that_is_no_object_is_refused(string payload, string found)
    {
        new AppendedFields(Who).TryAppend(Payload.Of(payload), Context, out _, out Error? error).ShouldBeFalse();

        error.ShouldNotBeNull().Code.ShouldBe(ErrorCode.SpecViolation);
        error.Message.ShouldContain(found);
        error.Field.ShouldBe("message");
    }

    [Fact]
    public void TryAppend_without_fields_leaves_any_payload_as_it_is()
    {
        byte[] payload = Payload.Of("[1]");

        new AppendedFields().TryAppend(payload, Context, out ReadOnlyMemory<byte> result, out _).ShouldBeTrue();

        result.ShouldBe(payload.AsMemory());
    }

    [Fact]
    public void TryAppend_names_are_written_as_JSON() =>
        Append(new AppendedFields(AppendedField.Custom("é\"\n", (writer, _) => writer.WriteNullValue())), """{"\u00e9\"\n":1}""").ShouldBe("""{"é\"\n":null}""");

    [Fact]
    public void TryAppend_the_result_is_the_only_allocation()
    {
        var fields = new AppendedFields(AppendedField.ServerTime("time"), AppendedField.Custom("topic", (writer, context) => writer.WriteStringValue(context.Topic.Value)));
        byte[] payload = Payload.Of("""{"a":1,"time":2}""");
        for (int i = 0; i < 100; i++)
        {
            fields.TryAppend(payload, Context, out _, out _).ShouldBeTrue();
        }

        long before = GC.GetAllocatedBytesForCurrentThread();
        fields.TryAppend(payload, Context, out ReadOnlyMemory<byte> result, out _);
        long allocated = GC.GetAllocatedBytesForCurrentThread() - before;

        // An array's header and length, and the round to eight bytes.
        allocated.ShouldBe(24 + ((result.Length + 7) / 8 * 8));
    }

    [Fact]
    public void TryAppend_a_custom_field_that_writes_no_single_value_is_a_fault()
    {
        foreach (Action<Utf8JsonWriter> write in new Action<Utf8JsonWriter>[]
        {
            _ => { },
            writer => writer.WriteStartObject(),
            writer =>
            {
                writer.WriteNumberValue(1);
                writer.WriteNumberValue(2);
            },
            writer => writer.WriteRawValue("[\n1]"),
        })
        {
            var fields = new AppendedFields(AppendedField.Custom("x", (writer, _) => write(writer)));

            Should.Throw<InvalidOperationException>(() => fields.TryAppend(Payload.Of("{}"), Context, out _, out _));
            Append(new AppendedFields(Who), "{}").ShouldBe("""{"publisher":["alice","acme"]}""");
        }
    }

    [Fact]
    public void TryAppend_a_custom_field_may_append_to_another_payload_meanwhile()
    {
        var inner = new AppendedFields(Who);
        var outer = new AppendedFields(AppendedField.ServerTime("time"), AppendedField.Custom("inner", (writer, _) => writer.WriteRawValue(Append(inner, "{}"))));

        Append(outer, "{}").ShouldBe("""{"time":1678886400.123,"inner":{"publisher":["alice","acme"]}}""");
    }

    [Fact]
    public void AppendedFields_refuses_a_name_that_stands_twice_or_is_none()
    {
        Should.Throw<ArgumentException>(() => new AppendedFields(Who, AppendedField.ServerTime("publisher")));
        Should.Throw<ArgumentException>(() => AppendedField.ServerTime(""));
        Should.Throw<ArgumentException>(() => AppendedField.ServerTime("\ud800"));
        Should.Throw<ArgumentException>(() => AppendedField.ServerTime(new string('x', 256)));
        Should.Throw<ArgumentException>(() => new AppendedFields(Enumerable.Range(0, 65).Select(i => AppendedField.ServerTime($"t{i}"))));
    }

    [Fact]
    public void What_was_appended_is_read_back_and_the_rest_is_as_it_was() => Check.One(Config.QuickThrowOnFailure.WithMaxTest(2000).WithQuietOnSuccess(true), Prop.ForAll<int>(seed =>
    {
        var random = new Random(seed);
        string[] names = [.. new[] { "a", "b", "é", "key with space", "x\"y", "other" }.Where(_ => random.Next(2) == 0)];
        var members = new[] { "a", "b", "é", "key with space", "x\"y", "kept" }.Where(_ => random.Next(2) == 0).ToDictionary(name => name, _ => RandomJson.Value(random));
        var fields = new AppendedFields(names.Select((name, index) => AppendedField.Custom(name, (writer, _) => writer.WriteNumberValue(index))));
        string payload = RandomJson.Write(members, random);

        JsonObject result = JsonNode.Parse(Append(fields, payload))!.AsObject();

        var sent = JsonNode.Parse(payload)!.AsObject();
        string[] kept = [.. sent.Select(member => member.Key).Except(names)];
        result.Select(member => member.Key).ShouldBe([.. kept, .. names]);
        kept.All(name => JsonNode.DeepEquals(result[name], sent[name])).ShouldBeTrue(payload);
        names.Select(name => result[name]!.GetValue<int>()).ShouldBe(Enumerable.Range(0, names.Length));
    }));

    private static string Append(AppendedFields fields, string payload)
    {
        fields.TryAppend(Payload.Of(payload), Context, out ReadOnlyMemory<byte> result, out Error? error).ShouldBeTrue(error?.Message);
        return Encoding.UTF8.GetString(result.Span);
    }

    private static TopicName Name(string name)
    {
        TopicName.TryCreate(name, "topic", out TopicName topic, out _).ShouldBeTrue();
        return topic;
    }
}
