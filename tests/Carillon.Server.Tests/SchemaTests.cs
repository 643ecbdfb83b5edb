using System.Reflection;
using System.Text.Json.Nodes;
using Carillon.Server.Serving;
using Carillon.Server.Settings;
using Carillon.Server.Settings.Access;
using NJsonSchema;
using Shouldly;
using Xunit;

namespace Carillon.Server.Tests;

/// <summary>The schema for editors says what the settings' types say, and takes what the program takes.</summary>
public sealed class SchemaTests
{
    private static readonly JsonObject Schema = JsonNode.Parse(ReadSchema())!.AsObject();

    [Fact]
    public void Every_setting_stands_in_the_schema_as_what_it_is_and_nothing_else_does()
    {
        var seen = new HashSet<Type>();
        Walk(typeof(ServerSettings), seen);

        Schema["definitions"]!.AsObject().Select(definition => definition.Key).ShouldBe(seen.Select(type => type.Name), ignoreOrder: true);
    }

    [Theory]
    [InlineData("""{"Carillon": {"Prot": 1}}""")]
    [InlineData("""{"Carillon": {"Port": "5000"}}""")]
    [InlineData("""{"Carillon": {"DedupeWindow": "10"}}""")]
    [InlineData("""{"Carillon": {"Topics": [{}]}}""")]
    [InlineData("""{"Carillon": {"Topics": [{"Name": "a", "Publishers": "Everyone"}]}}""")]
    [InlineData("""{"Carillon": {"Topics": [{"Name": "a", "Publishers": {"ApiKeys": ["x"], "Roles": ["y"]}}]}}""")]
    [InlineData("""{"Carillon": {"Topics": [{"Name": "a", "Spec": {"Fields": {"id": "int"}}}]}}""")]
    [InlineData("""{"Carillon": {"Hubs": {"main": {"Database": "x.db"}}}}""")]
    [InlineData("""{"Carillon": {"Hubs": {"main": {"Routes": {"Events": "events"}}}}}""")]
    [InlineData("""{"Carillon": {"Tokens": {"ApiKeys": [{"Name": "a", "Hash": "s3cret"}]}}}""")]
    public async Task The_schema_refuses_what_the_program_refuses(string settings) => (await ValidateAsync(settings)).ShouldNotBeEmpty();

    [Fact]
    public async Task The_examples_of_the_guide_fit_the_schema()
    {
        string[] examples = [.. Guide.Examples()];

        examples.Length.ShouldBeGreaterThan(1);
        foreach (string example in examples)
        {
            (await ValidateAsync(example)).ShouldBeEmpty(example);
        }
    }

    private static async Task<IEnumerable<string>> ValidateAsync(string settings) =>
        (await JsonSchema.FromJsonAsync(Schema.ToJsonString())).Validate(settings).Select(error => error.ToString());

    private static void Walk(Type type, HashSet<Type> seen)
    {
        if (!seen.Add(type))
        {
            return;
        }

        JsonObject definition = Schema["definitions"]?[type.Name]?.AsObject() ?? throw new InvalidOperationException($"{type.Name} is not in the schema");
        if (type == typeof(AccessSettings))
        {
            Words(definition["oneOf"]![0]!).ShouldBe(Enum.GetNames<AccessWord>());
            definition = definition["oneOf"]![1]!.AsObject();
        }

        definition["additionalProperties"]!.GetValue<bool>().ShouldBeFalse(type.Name);
        JsonObject properties = definition["properties"]!.AsObject();
        PropertyInfo[] settings = SettingForms.SettingsOf(type);
        properties.Select(property => property.Key).ShouldBe(settings.Select(setting => setting.Name), ignoreOrder: true, type.Name);
        foreach (PropertyInfo setting in settings)
        {
            JsonNode property = properties[setting.Name]!;
            property["description"].ShouldNotBeNull($"{type.Name}.{setting.Name} has no description");
            CheckValue(setting.PropertyType, property, $"{type.Name}.{setting.Name}", seen);
        }
    }

    private static void CheckValue(Type type, JsonNode property, string place, HashSet<Type> seen)
    {
        type = Nullable.GetUnderlyingType(type) ?? type;
        if (SettingForms.IsSettings(type))
        {
            (property["$ref"] ?? property["allOf"]![0]!["$ref"])!.GetValue<string>().ShouldBe($"#/definitions/{type.Name}", place);
            Walk(type, seen);
        }
        else if (SettingForms.ItemOf(type) is { } item)
        {
            bool isDictionary = SettingForms.IsDictionary(type);
            property["type"]!.GetValue<string>().ShouldBe(isDictionary ? "object" : "array", place);
            CheckValue(item, property[isDictionary ? "additionalProperties" : "items"]!, place, seen);
        }
        else if (type.IsEnum)
        {
            Words(property).ShouldBe(Enum.GetNames(type), place);
        }
        else
        {
            string expected = type == typeof(bool) ? "boolean" : type == typeof(int) || type == typeof(long) ? "integer" : "string";
            property["type"]!.GetValue<string>().ShouldBe(expected, place);
            (type == typeof(TimeSpan) && property["pattern"] is null).ShouldBeFalse($"{place} is a time without its pattern");
        }
    }

    private static string[] Words(JsonNode property) => [.. property["enum"]!.AsArray().Select(word => word!.GetValue<string>())];

    private static string ReadSchema()
    {
        using var reader = new StreamReader(typeof(SchemaCommand).Assembly.GetManifestResourceStream(SchemaCommand.Resource)!);
        return reader.ReadToEnd();
    }
}
