namespace Carillon.Server.Settings.Topics;

/// <summary>What payloads of a topic must look like: exactly one of these.</summary>
public sealed class SpecSettings
{
    /// <summary>The fields of an object and their types, such as <c>"price": "number?"</c>; others are refused.</summary>
    public IReadOnlyDictionary<string, string>? Fields { get; init; }

    /// <summary>A file with a JSON Schema of draft 2020-12.</summary>
    public string? SchemaFile { get; init; }
}
