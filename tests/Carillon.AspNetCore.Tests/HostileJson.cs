namespace Carillon.AspNetCore.Tests;

/// <summary>JSON values that a field of a command must refuse, by what the field should be.</summary>
internal static class HostileJson
{
    /// <summary>A name of 10 KB.</summary>
    public static readonly string LongName = new('x', 10_240);

    /// <summary>For a name or an id.</summary>
    public static readonly string[] NoIdentifiers =
    [
        "true", "5", "1e400", "[]", "{}", "[\"x\"]", "{\"a\":\"b\"}", "\"\"", "\"a\\u0000b\"", "\"a\\r\\nevent: x\"", "\"\\u001b[2J\"", "\"\\u007f\"", "\"\\ud800\"", $"\"{LongName}\"",
    ];

    /// <summary>For the name of a topic, which must not be reserved either.</summary>
    public static readonly string[] NoTopics = [.. NoIdentifiers, "\"$sys\"", "\"$\"", "null"];

    /// <summary>For a list of topics; what stands in it as a text may still be refused by itself.</summary>
    public static readonly string[] NoTopicLists =
    [
        "null", "true", "5", "\"t\"", "{}", "[]", "[null]", "[true]", "[5]", "[[]]", "[[\"t\"]]", "[{}]", "[{\"topic\":5}]", "[{\"topic\":null}]", "[{\"topic\":[\"t\"]}]",
        "[{\"topic\":\"t\",\"since\":5}]", "[\"t\",5]", $"[{string.Join(',', Enumerable.Repeat("\"t\"", 1001))}]",
    ];

    /// <summary>For a place to begin at.</summary>
    public static readonly string[] NoPlaces =
    [
        "true", "5", "\"latest\"", "\"\"", "[]", "{}", "{\"time\":\"now\"}", "{\"time\":-1}", "{\"time\":1e400}", "{\"time\":null}", "{\"offset\":1}", "{\"epoch\":\"e\"}", "{\"epoch\":5,\"offset\":1}",
        "{\"epoch\":\"e\",\"offset\":-1}", "{\"epoch\":\"e\",\"offset\":1.5}", "{\"epoch\":\"e\",\"offset\":1e30}", "{\"epoch\":\"e\",\"offset\":\"1\"}", "{\"epoch\":\"e\",\"offset\":1,\"time\":1}",
        "{\"epoch\":\"\\ud800\",\"offset\":1}",
    ];

    /// <summary>For credentials.</summary>
    public static readonly string[] NoCredentials =
    [
        "true", "5", "\"anna\"", "[]", "{\"type\":5,\"token\":\"anna\"}", "{\"type\":\"name\",\"token\":5}", "{\"type\":\"name\",\"token\":{}}", "{\"type\":[],\"token\":\"anna\"}",
        "{\"type\":\"name\",\"token\":\"\\ud800\"}", "{\"type\":\"no-such\",\"token\":\"anna\"}", "{\"type\":\"name\",\"token\":\"' OR 1=1 --\"}",
    ];

    /// <summary>For a payload.</summary>
    public static readonly string[] NoPayloads =
    [
        "{\"k\":1,\"k\":2}", "[[{\"k\":1,\"\\u006b\":2}]]", new string('[', 65) + new string(']', 65), new string('[', 100_000) + new string(']', 100_000),
        string.Concat(Enumerable.Repeat("{\"k\":", 65)) + "1" + new string('}', 65), $"\"{new string('x', 300_000)}\"",
    ];
}
