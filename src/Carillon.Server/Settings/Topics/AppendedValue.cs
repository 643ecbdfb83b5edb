namespace Carillon.Server.Settings.Topics;

/// <summary>What the server writes into a field that it appends.</summary>
public enum AppendedValue
{
    /// <summary>The moment of the publish, in seconds since 1970 UTC with three decimals.</summary>
    ServerTime,
}
