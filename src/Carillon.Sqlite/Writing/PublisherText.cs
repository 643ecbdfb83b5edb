using System.Text.Json;
using System.Text.Json.Serialization;

namespace Carillon.Sqlite.Writing;

/// <summary>The identities of a publisher as they are stored: a JSON array, or nothing for an anonymous one.</summary>
internal static partial class PublisherText
{
    public static string? From(IReadOnlyList<string> names) => names.Count == 0 ? null : JsonSerializer.Serialize([.. names], Names.Default.StringArray);

    public static IReadOnlyList<string> ToNames(string? stored) => stored is null ? [] : JsonSerializer.Deserialize(stored, Names.Default.StringArray) ?? [];

    [JsonSerializable(typeof(string[]))]
    private sealed partial class Names : JsonSerializerContext;
}
