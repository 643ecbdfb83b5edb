namespace Carillon.TrimmedApp;

/// <summary>Binary data inside of an object.</summary>
internal sealed record Picture(string Name, ReadOnlyMemory<byte> Data);
