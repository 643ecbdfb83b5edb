using Carillon.Specs;
using Shouldly;
using Xunit;

namespace Carillon.Tests.Specs;

public sealed class JsonSchemaKeywordTests
{
    [Theory]
    [InlineData("true", "1", null)]
    [InlineData("{}", "{}", null)]
    [InlineData("false", null, "1")]
    [InlineData("""{"type":"integer"}""", "-7", "7.5")]
    [InlineData("""{"type":"integer"}""", "1.0", "\"1\"")]
    [InlineData("""{"type":"integer"}""", "1e400", "1e-400")]
    [InlineData("""{"type":"integer"}""", "12.50e1", "12.50e0")]
    [InlineData("""{"type":"integer"}""", "0e-9", "null")]
    [InlineData("""{"type":["string","null"]}""", "null", "true")]
    [InlineData("""{"type":["integer","number"]}""", "0.5", "[]")]
    [InlineData("""{"enum":[1,"a",{"x":[1,2]},null]}""", """{"x":[1.0,2e0]}""", """{"x":[2,1]}""")]
    [InlineData("""{"enum":["a","b"]}""", "\"\\u0061\"", "\"A\"")]
    [InlineData("""{"const":{"a":1,"b":2}}""", """{"b":2,"a":1}""", """{"a":1,"b":2,"c":3}""")]
    [InlineData("""{"const":false}""", "false", "0")]
    [InlineData("""{"const":-0.0}""", "0", "1")]
    [InlineData("""{"const":"\ud83d"}""", "\"\\ud83d\"", "\"\\ud83e\"")]
    public void Check_compares_values_of_any_type(string schema, string? fits, string? violates) => Expect(schema, fits, violates);

    [Theory]
    [InlineData("""{"minimum":1.5}""", "1.50", "1.4999999999999999999999")]
    [InlineData("""{"maximum":9007199254740992}""", "9007199254740992", "9007199254740993")]
    [InlineData("""{"maximum":1e400}""", "9e399", "1.1e400")]
    [InlineData("""{"minimum":-3}""", "-3", "-3.0001")]
    [InlineData("""{"exclusiveMinimum":0}""", "1e-400", "-0")]
    [InlineData("""{"exclusiveMaximum":100}""", "99.9", "1e2")]
    [InlineData("""{"multipleOf":0.01}""", "19.99", "19.999")]
    [InlineData("""{"multipleOf":0.1}""", "0.3", "0.35")]
    [InlineData("""{"multipleOf":3}""", "3e300", "1e300")]
    [InlineData("""{"multipleOf":123456789012345678}""", "123456789012345678000", "123456789012345679")]
    [InlineData("""{"multipleOf":1e3}""", "0", "1500")]
    [InlineData("""{"multipleOf":2,"minimum":0}""", "\"not a number\"", "3")]
    public void Check_compares_numbers_exactly(string schema, string? fits, string? violates) => Expect(schema, fits, violates);

    [Theory]
    [InlineData("""{"minLength":2}""", "\"éé\"", "\"😀\"")]
    [InlineData("""{"maxLength":2}""", "\"😀😀\"", "\"abc\"")]
    [InlineData("""{"maxLength":1}""", "\"\\ud83d\\ude00\"", "\"\\u0061\\u0062\"")]
    [InlineData("""{"pattern":"b"}""", "\"abc\"", "\"ac\"")]
    [InlineData("""{"pattern":"^[a-z]+$"}""", "\"abc\"", "\"abc\\n\"")]
    [InlineData("""{"pattern":"^\\d+$"}""", "\"42\"", "\"٤٢\"")]
    [InlineData("""{"pattern":"^.$"}""", "\"😀\"", "\"😀😀\"")]
    [InlineData("""{"pattern":"^[^a]$"}""", "\"😀\"", "\"a\"")]
    [InlineData("""{"pattern":"^\\W{2}$"}""", "\"é😀\"", "\"é_\"")]
    [InlineData("""{"pattern":"^[\\s\\S]$"}""", "\"\\u2028\"", "\"\"")]
    [InlineData("""{"pattern":"^\\S+$"}""", "\"a😀\"", "\"a\\ufeff\"")]
    [InlineData("""{"pattern":"^[+\\-*/]$"}""", "\"-\"", "\",\"")]
    [InlineData("""{"pattern":"^(?<word>\\p{Lu}\\u{62}){2}$"}""", "\"ÄbÖb\"", "\"äbÖb\"")]
    [InlineData("""{"pattern":"^[\\d.]$"}""", "\".\"", "\"x\"")]
    [InlineData("""{"pattern":"^.$"}""", null, "\"\\r\"")]
    public void Check_looks_at_texts_as_characters(string schema, string? fits, string? violates) => Expect(schema, fits, violates);

    [Theory]
    [InlineData("""{"items":{"type":"integer"}}""", "[]", "[1,2,\"3\"]")]
    [InlineData("""{"prefixItems":[{"type":"string"},true],"items":false}""", """["a",1]""", """["a",1,2]""")]
    [InlineData("""{"prefixItems":[{"type":"string"}]}""", """["a",1]""", "[1]")]
    [InlineData("""{"contains":{"const":1}}""", "[0,1]", "[0]")]
    [InlineData("""{"contains":{"const":1},"minContains":2,"maxContains":3}""", "[1,1,0,1]", "[1,1,1,1]")]
    [InlineData("""{"contains":{"const":1},"minContains":0}""", "[]", null)]
    [InlineData("""{"contains":{"const":1},"minContains":2}""", "[1,1]", "[1]")]
    [InlineData("""{"minItems":1,"maxItems":2}""", "[1,[2,3]]", "[1,2,3]")]
    [InlineData("""{"uniqueItems":true}""", """[1,"1",true,null,[1],{"a":1}]""", """[{"a":1,"b":[2]},0,{"b":[2.0],"a":1}]""")]
    [InlineData("""{"uniqueItems":true}""", "[[1,2],[2,1]]", "[1,2,1.0]")]
    [InlineData("""{"uniqueItems":false}""", "[1,1]", null)]
    public void Check_looks_into_arrays(string schema, string? fits, string? violates) => Expect(schema, fits, violates);

    [Theory]
    [InlineData("""{"properties":{"a":{"type":"string"}}}""", """{"b":1}""", """{"a":1}""")]
    [InlineData("""{"required":["a","b"]}""", """{"b":1,"a":null}""", """{"a":1}""")]
    [InlineData("""{"properties":{"a":true},"required":["a"]}""", """{"\u0061":1}""", "{}")]
    [InlineData("""{"properties":{"a":true},"additionalProperties":false}""", """{"a":1}""", """{"a":1,"b":2}""")]
    [InlineData("""{"required":["a"],"additionalProperties":{"type":"integer"}}""", """{"a":1}""", """{"a":"x"}""")]
    [InlineData("""{"patternProperties":{"^x-":{"type":"string"}},"additionalProperties":false}""", """{"x-a":"1"}""", """{"y":"1"}""")]
    [InlineData("""{"properties":{"x1":{"minimum":1}},"patternProperties":{"^x":{"maximum":5}}}""", """{"x1":3}""", """{"x1":6}""")]
    [InlineData("""{"propertyNames":{"maxLength":2}}""", """{"ab":1}""", """{"abc":1}""")]
    [InlineData("""{"minProperties":1,"maxProperties":2}""", """{"a":{"b":1,"c":2}}""", "{}")]
    [InlineData("""{"dependentRequired":{"a":["b","c"]}}""", """{"c":1,"b":1,"a":1}""", """{"a":1,"b":1}""")]
    [InlineData("""{"dependentRequired":{"a":["b"]}}""", """{"b":1}""", """{"a":1}""")]
    public void Check_looks_into_objects(string schema, string? fits, string? violates) => Expect(schema, fits, violates);

    [Theory]
    [InlineData("""{"allOf":[{"minimum":1},{"maximum":2}]}""", "2", "3")]
    [InlineData("""{"anyOf":[{"type":"string"},{"minimum":2}]}""", "2", "1")]
    [InlineData("""{"oneOf":[{"multipleOf":2},{"multipleOf":3}]}""", "4", "6")]
    [InlineData("""{"oneOf":[{"multipleOf":2},{"multipleOf":3}]}""", "9", "5")]
    [InlineData("""{"not":{"type":"null"}}""", "1", "null")]
    [InlineData("""{"if":{"required":["a"]},"then":{"required":["b"]},"else":{"required":["c"]}}""", """{"a":1,"b":1}""", """{"a":1}""")]
    [InlineData("""{"if":{"required":["a"]},"else":{"required":["c"]}}""", """{"a":1}""", "{}")]
    [InlineData("""{"then":false,"if":true}""", null, "1")]
    [InlineData("""{"$ref":"#/$defs/a","maximum":9,"$defs":{"a":{"minimum":1}}}""", "5", "10")]
    [InlineData("""{"properties":{"next":{"$ref":"#"},"v":{"type":"integer"}}}""", """{"next":{"next":{"v":1}}}""", """{"next":{"next":{"v":"1"}}}""")]
    [InlineData("""{"$ref":"#/$defs/a~1b%20c","$defs":{"a/b c":{"type":"null"}}}""", "null", "1")]
    [InlineData("""{"properties":{"a":{"type":"string"},"b":{"$ref":"#/properties/a"}}}""", """{"b":""}""", """{"b":1}""")]
    public void Check_combines_schemas(string schema, string? fits, string? violates) => Expect(schema, fits, violates);

    [Theory]
    [InlineData("date-time", "2026-02-28t23:59:60.25z", "2026-02-28T12:00:00")]
    [InlineData("date-time", "1998-12-31T15:59:60.123-08:00", "1998-12-31T22:59:60Z")]
    [InlineData("date", "2024-02-29", "2023-02-29")]
    [InlineData("date", "0000-02-29", "2024-13-01")]
    [InlineData("time", "08:30:06+05:30", "24:00:00Z")]
    [InlineData("time", "08:30:06.1Z", "08:30:06.Z")]
    [InlineData("uuid", "2EB8AA08-aa98-11ea-b4aa-73b441d16380", "2eb8aa08aa98-11ea-b4aa-73b441d16380-")]
    [InlineData("email", "\\\"a b\\\"@[IPv6:::1]", "a@b@c.example")]
    [InlineData("email", "te~st.x@example.com", ".test@example.com")]
    [InlineData("uri", "http://[2001:db8::7]:80/c=GB?x=%5B%5D", "//example.com/")]
    [InlineData("uri", "http://[::ffff:10.0.0.1]", "http://[1:2:3:4:5:6:7:8:9]")]
    [InlineData("uri", "http://[1:2:3:4:5:6:7::]", "http://[1:2::3:4:5:6:7:8]")]
    [InlineData("uri", "http://[1:2:3:4:5:6:7:8]", "http://[fe80::1%25eth0]")]
    [InlineData("uri", "http://[v1.a:b]/%20", "http://example.com/%2")]
    [InlineData("uri", "urn:isbn:123", "http://example.com/a b")]
    public void Check_formats_are_checked(string format, string fits, string violates)
    {
        Expect($$"""{"format":"{{format}}"}""", $"\"{fits}\"", $"\"{violates}\"");
        Expect($$"""{"format":"{{format}}"}""", "17", null);
    }

    private static void Expect(string schema, string? fits, string? violates)
    {
        JsonSchemaSpec spec = JsonSchemaSpec.Parse(schema);
        if (fits is not null)
        {
            spec.Check(fits).ShouldBeNull();
        }

        if (violates is not null)
        {
            spec.Check(violates).ShouldNotBeNull();
        }
    }
}
