using System.Collections;
using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.Primitives;

namespace Carillon.SocketIO.EngineIO;

/// <summary>
/// A few names with their values, kept for a session's life in one array, smaller than a dictionary, with the texts that others have too. Names are case-insensitive.
/// </summary>
internal sealed class HandshakeValues(IEnumerable<KeyValuePair<string, StringValues>> values) : IReadOnlyDictionary<string, StringValues>
{
    private readonly KeyValuePair<string, StringValues>[] _values = [.. values.Select(Share)];

    public int Count => _values.Length;

    public IEnumerable<string> Keys => _values.Select(static pair => pair.Key);

    public IEnumerable<StringValues> Values => _values.Select(static pair => pair.Value);

    public StringValues this[string key] => TryGetValue(key, out StringValues value) ? value : throw new KeyNotFoundException();

    public bool ContainsKey(string key) => TryGetValue(key, out _);

    public bool TryGetValue(string key, [MaybeNullWhen(false)] out StringValues value)
    {
        foreach (KeyValuePair<string, StringValues> pair in _values)
        {
            if (string.Equals(pair.Key, key, StringComparison.OrdinalIgnoreCase))
            {
                value = pair.Value;
                return true;
            }
        }

        value = default;
        return false;
    }

    public IEnumerator<KeyValuePair<string, StringValues>> GetEnumerator() => _values.AsEnumerable().GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    // Of several values no single one is common enough to be worth a look.
    private static KeyValuePair<string, StringValues> Share(KeyValuePair<string, StringValues> pair) =>
        new(SharedText.Of(pair.Key), pair.Value is [{ } only] ? SharedText.Of(only) : pair.Value);
}
