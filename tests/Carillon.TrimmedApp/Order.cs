namespace Carillon.TrimmedApp;

/// <summary>An argument of handlers.</summary>
internal sealed record Order(string Article, int Count);
