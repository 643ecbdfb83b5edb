namespace Carillon.TrimmedApp;

/// <summary>What a client says of itself when it connects.</summary>
internal sealed record Visitor(string? Name);
