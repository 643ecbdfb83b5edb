namespace Carillon.Server.Settings.Access;

/// <summary>A claim that a token must have.</summary>
public sealed class ClaimSettings
{
    /// <summary>Its name.</summary>
    public string Type { get; init; } = string.Empty;

    /// <summary>One of these values; none, the default, for any.</summary>
    public IReadOnlyList<string> Values { get; init; } = [];
}
