namespace Carillon.Specs.Schemas.Compiling;

/// <summary>Places in a schema document as JSON pointers. RFC 6901 §6.</summary>
internal static class SchemaPlace
{
    /// <summary>The document itself.</summary>
    public const string Root = "#";

    /// <summary>The place of a member.</summary>
    public static string Member(string place, string key) =>
        $"{place}/{key.Replace("~", "~0", StringComparison.Ordinal).Replace("/", "~1", StringComparison.Ordinal)}";

    /// <summary>The place of an element.</summary>
    public static string Element(string place, int index) => $"{place}/{index}";
}
