using Carillon.Errors;
using Carillon.Specs;
using Shouldly;
using Xunit;

namespace Carillon.Tests.Specs;

public sealed class JsonSchemaErrorTests
{
    [Theory]
    [InlineData("""{"type":["string","null"]}""", "17", "message", "must be a string or null, not a number")]
    [InlineData("""{"type":["object","array","integer"]}""", "1.5", "message", "must be an object, an array or an integer, not a number with a fraction")]
    [InlineData("""{"properties":{"items":{"items":{"properties":{"price":{"minimum":0}}}}}}""", """{"items":[{},{"price":1},{"price":-1}]}""", "message.items[2].price", "must be at least 0")]
    [InlineData("""{"properties":{"a":{"required":["b"]}}}""", """{"a":{"c":1}}""", "message.a.b", "is missing")]
    [InlineData("""{"additionalProperties":false}""", """{"it's \"me\"":1}""", """message["it's \"me\""]""", "is not allowed")]
    [InlineData("""{"additionalProperties":false}""", """{"":1}""", """message[""]""", "is not allowed")]
    [InlineData("""{"additionalProperties":false}""", """{"a\nb\u202e":1}""", """message["a\u000ab\u202e"]""", "is not allowed")]
    [InlineData("""{"enum":["red","green"]}""", "\"secret\"", "message", "must be one of \"red\", \"green\"")]
    [InlineData("""{"maxLength":1}""", "\"secret\"", "message", "must have at most 1 character")]
    [InlineData("""{"pattern":"^[0-9]+$"}""", "\"secret\"", "message", "must match the pattern ^[0-9]+$")]
    [InlineData("""{"uniqueItems":true}""", "[1,2,1]", "message[2]", "must not be equal to another item of the same array")]
    [InlineData("""{"contains":{"const":1},"minContains":2}""", "[1]", "message", "must hold at least 2 items that fit the schema at #/contains")]
    [InlineData("""{"minProperties":1}""", "{}", "message", "must have at least 1 field")]
    [InlineData("""{"dependentRequired":{"card":["address"]}}""", """{"card":1}""", "message.address", "is missing; it is needed beside 'card'")]
    [InlineData("""{"propertyNames":{"maxLength":1}}""", """{"a":1,"bc":1}""", "message.bc", "has a name that does not fit the schema at #/propertyNames")]
    [InlineData("""{"anyOf":[{"type":"string"},{"type":"null"}]}""", "1", "message", "must fit at least one of the 2 schemas at #/anyOf")]
    [InlineData("""{"oneOf":[true,true]}""", "1", "message", "must fit exactly one of the 2 schemas at #/oneOf and fits more")]
    [InlineData("""{"items":{"$ref":"#/$defs/n"},"$defs":{"n":{"type":"integer"}}}""", "[1,\"x\"]", "message[1]", "must be an integer, not a string")]
    [InlineData("""{"format":"date"}""", "\"secret\"", "message", "must be a date, as in RFC 3339")]
    public void Check_names_the_place_and_what_was_expected(string schema, string payload, string place, string expectation)
    {
        Error error = JsonSchemaSpec.Parse(schema).Check(payload).ShouldNotBeNull();

        error.Code.ShouldBe(ErrorCode.SpecViolation);
        error.Field.ShouldBe(place);
        error.Message.ShouldBe($"Field '{place}' {expectation}");
    }

    [Fact]
    public void Check_long_keys_and_places_are_shortened()
    {
        string key = new('k', 10_000);
        JsonSchemaSpec spec = JsonSchemaSpec.Parse("""{"additionalProperties":{"$ref":"#"},"type":"object"}""");

        spec.Check($$"""{"{{key}}":1}""").ShouldNotBeNull().Field.ShouldBe($"message.{key[..64]}…");
        string deep = string.Concat(Enumerable.Repeat("{\"😀😀😀😀😀😀😀😀😀😀\":", 60)) + "1" + new string('}', 60);
        spec.Check(deep).ShouldNotBeNull().Message.Length.ShouldBeLessThan(600);
    }

    [Theory]
    [InlineData("""{"typ":"string"}""", "#/typ")]
    [InlineData("""{"type":"text"}""", "#/type")]
    [InlineData("""{"type":[]}""", "#/type")]
    [InlineData("""{"properties":{"a/b":{"unevaluatedProperties":false}}}""", "#/properties/a~1b/unevaluatedProperties")]
    [InlineData("""{"properties":{"a":7}}""", "#/properties/a")]
    [InlineData("""{"properties":[]}""", "#/properties")]
    [InlineData("""{"items":[{}]}""", "#/items")]
    [InlineData("""{"allOf":[]}""", "#/allOf")]
    [InlineData("""{"anyOf":[{},{"minimum":"1"}]}""", "#/anyOf/1/minimum")]
    [InlineData("""{"required":["a","a"]}""", "#/required")]
    [InlineData("""{"minLength":-1}""", "#/minLength")]
    [InlineData("""{"maxItems":1.5}""", "#/maxItems")]
    [InlineData("""{"multipleOf":0}""", "#/multipleOf")]
    [InlineData("""{"multipleOf":1234567890123456789}""", "#/multipleOf")]
    [InlineData("""{"uniqueItems":1}""", "#/uniqueItems")]
    [InlineData("""{"enum":[]}""", "#/enum")]
    [InlineData("""{"format":"hostname"}""", "#/format")]
    [InlineData("""{"pattern":"(a"}""", "#/pattern")]
    [InlineData("""{"pattern":"(a)\\1"}""", "#/pattern")]
    [InlineData("""{"pattern":"(?=a)b"}""", "#/pattern")]
    [InlineData("""{"pattern":"(?i)a"}""", "#/pattern")]
    [InlineData("""{"pattern":"a\\Z"}""", "#/pattern")]
    [InlineData("""{"pattern":"[]"}""", "#/pattern")]
    [InlineData("""{"pattern":"[a"}""", "#/pattern")]
    [InlineData("""{"pattern":"[z-a]"}""", "#/pattern")]
    [InlineData("""{"pattern":"[😀]"}""", "#/pattern")]
    [InlineData("""{"pattern":"\\ud83d"}""", "#/pattern")]
    [InlineData("""{"pattern":"\\é"}""", "#/pattern")]
    [InlineData("""{"pattern":"a)"}""", "#/pattern")]
    [InlineData("""{"pattern":"a{,2}"}""", "#/pattern")]
    [InlineData("""{"pattern":"((a{100}){100}){100}"}""", "#/pattern")]
    [InlineData("""{"pattern":"\\"}""", "#/pattern")]
    [InlineData("""{"patternProperties":{"a(":true}}""", "#/patternProperties/a(")]
    [InlineData("""{"$ref":"#/$defs/none"}""", "#/$ref")]
    [InlineData("""{"$ref":"other.json"}""", "#/$ref")]
    [InlineData("""{"$ref":"#/properties","properties":{}}""", "#/$ref")]
    [InlineData("""{"$ref":"#"}""", "#")]
    [InlineData("""{"properties":{"a":{"anyOf":[true,{"not":{"$ref":"#/properties/a"}}]}}}""", "#/properties/a")]
    [InlineData("""{"properties":{"a":{"$id":"x"}}}""", "#/properties/a/$id")]
    [InlineData("""{"$schema":"http://json-schema.org/draft-07/schema#"}""", "#/$schema")]
    [InlineData("""{"minimum":1,"minimum":2}""", "#")]
    [InlineData("""{"title":"half","enum":["\ud800"],"required":["\ud800"]}""", "#")]
    [InlineData("{", "#")]
    [InlineData("[]", "#")]
    public void TryParse_refuses_what_is_not_supported_with_its_place(string schema, string place)
    {
        JsonSchemaSpec.TryParse(schema, out _, out Error? error).ShouldBeFalse();

        error.ShouldNotBeNull().Field.ShouldBe(place);
        Should.Throw<ArgumentException>(() => JsonSchemaSpec.Parse(schema)).Message.ShouldContain(error.Message);
    }

    [Fact]
    public void TryParse_annotations_are_passed_over() => JsonSchemaSpec.Parse(
        """
        {
          "$schema": "https://json-schema.org/draft/2020-12/schema", "$id": "https://example.com/order", "$comment": "c", "title": "t", "description": "d",
          "default": 1, "examples": [1], "deprecated": true, "readOnly": true, "writeOnly": false
        }
        """).Check("{}").ShouldBeNull();

    [Fact]
    public void TryParse_a_chain_of_references_is_bounded()
    {
        JsonSchemaSpec.TryParse(Chain(30), out _, out _).ShouldBeTrue();
        JsonSchemaSpec.TryParse(Chain(40), out _, out Error? error).ShouldBeFalse();
        error.ShouldNotBeNull().Message.ShouldContain("32 schemas");
        JsonSchemaSpec.TryParse(Chain(5000), out _, out _).ShouldBeFalse();
        JsonSchemaSpec.TryParse($"{{\"title\":\"{new string('x', JsonSchemaSpec.MaxSchemaLength)}\"}}", out _, out error).ShouldBeFalse();
        JsonSchemaSpec.TryParse(string.Concat(Enumerable.Repeat("{\"not\":", 200)) + "true" + new string('}', 200), out _, out error).ShouldBeFalse();

        static string Chain(int length)
        {
            IEnumerable<string> links = Enumerable.Range(0, length).Select(i => $"\"{i}\":{{\"$ref\":\"#/$defs/{i + 1}\"}}");
            return $"{{\"$ref\":\"#/$defs/0\",\"$defs\":{{{string.Join(',', links)},\"{length}\":true}}}}";
        }
    }
}
