namespace Carillon.TrimmedApp;

/// <summary>A type that <see cref="AppJson"/> does not list.</summary>
internal sealed record Unlisted(int Number);
