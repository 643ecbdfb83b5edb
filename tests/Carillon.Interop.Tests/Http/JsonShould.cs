using System.Text.Json;
using System.Text.Json.Nodes;

namespace Carillon.Interop.Tests.Http;

/// <summary>What tests say about JSON values.</summary>
internal static class JsonShould
{
    /// <summary>The same value: same members, same elements, numbers and strings of the same meaning.</summary>
    public static void ShouldBeJson(this JsonElement actual, JsonNode? expected) =>
        JsonElement.DeepEquals(actual, JsonElement.Parse(expected is null ? "null" : expected.ToJsonString()))
            .ShouldBeTrue($"expected {expected?.ToJsonString() ?? "null"} but was {actual}");

    public static string? Text(this JsonElement element, string name) => element.GetProperty(name).GetString();

    public static long Offset(this JsonElement element) => element.GetProperty("offset").GetInt64();

    /// <summary>Unix seconds with a fraction, of the last minute.</summary>
    public static void ShouldBeATimeOfNow(this JsonElement seconds)
    {
        var age = TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds() / 1000.0 - seconds.GetDouble();
        age.ShouldBeInRange(-1, 60);
    }
}
