using Carillon.Json;

namespace Carillon.Specs.Values;

/// <summary>One value, or one key, of a <see cref="JsonTree"/>.</summary>
/// <param name="Kind">What it is; a key is a string.</param>
/// <param name="Start">Where its text begins in the tree: of strings and keys what stands between the quotes, without escapes.</param>
/// <param name="Length">The text's length in bytes.</param>
/// <param name="Count">How many elements or members it has.</param>
/// <param name="Next">The node behind it and all that is in it. A key's next is its value.</param>
internal record struct JsonNode(JsonKind Kind, int Start, int Length, int Count, int Next);
