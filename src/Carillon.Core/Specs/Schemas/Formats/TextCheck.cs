namespace Carillon.Specs.Schemas.Formats;

/// <summary>Whether a text, as UTF-8, is what a format asks for.</summary>
internal delegate bool TextCheck(ReadOnlySpan<byte> text);
