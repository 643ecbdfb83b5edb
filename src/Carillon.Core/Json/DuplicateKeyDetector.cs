using System.Text;
using System.Text.Json;

namespace Carillon.Json;

/// <summary>
/// Remembers the keys of the objects that a reader is inside of. Few keys are compared one by one, without an allocation;
/// an object with many gets a set, so that no input makes the check quadratic.
/// </summary>
internal sealed class DuplicateKeyDetector
{
    private const int MaxCompared = 16;

    private readonly List<Scope> _scopes = [];
    private readonly List<Key> _keys = [];
    private byte[] _text = new byte[256];
    private int _textLength;

    public void Reset()
    {
        _scopes.Clear();
        _keys.Clear();
        _textLength = 0;
        if (_text.Length > 64 * 1024)
        {
            _text = new byte[256];
        }
    }

    public void Enter() => _scopes.Add(new Scope(_keys.Count, _textLength, Set: null));

    public void Leave()
    {
        Scope scope = _scopes[^1];
        _scopes.RemoveAt(_scopes.Count - 1);
        _keys.RemoveRange(scope.FirstKey, _keys.Count - scope.FirstKey);
        _textLength = scope.TextStart;
    }

    /// <summary>Adds the key that the reader stands on to the innermost object.</summary>
    /// <returns>False when it is there already (<paramref name="duplicate"/> is the key) or is not Unicode (it is null).</returns>
    public bool TryAdd(ref Utf8JsonReader reader, out string? duplicate)
    {
        duplicate = null;
        Scope scope = _scopes[^1];
        Reserve(reader.ValueSpan.Length);
        int length;
        try
        {
            length = reader.CopyString(_text.AsSpan(_textLength));
        }
        catch (InvalidOperationException)
        {
            return false; // an escaped half of a surrogate pair
        }

        ReadOnlySpan<byte> key = _text.AsSpan(_textLength, length);
        if (!IsNew(key, scope))
        {
            duplicate = Encoding.UTF8.GetString(key);
            return false;
        }

        if (_scopes[^1].Set is null)
        {
            _keys.Add(new Key(_textLength, length));
            _textLength += length;
        }

        return true;
    }

    private bool IsNew(ReadOnlySpan<byte> key, Scope scope)
    {
        if (scope.Set is not null)
        {
            return scope.Set.Add(Encoding.UTF8.GetString(key));
        }

        for (int i = scope.FirstKey; i < _keys.Count; i++)
        {
            if (key.SequenceEqual(_text.AsSpan(_keys[i].Start, _keys[i].Length)))
            {
                return false;
            }
        }

        if (_keys.Count - scope.FirstKey == MaxCompared)
        {
            var set = new HashSet<string>(StringComparer.Ordinal) { Encoding.UTF8.GetString(key) };
            for (int i = scope.FirstKey; i < _keys.Count; i++)
            {
                set.Add(Encoding.UTF8.GetString(_text, _keys[i].Start, _keys[i].Length));
            }

            _scopes[^1] = scope with { Set = set };
        }

        return true;
    }

    private void Reserve(int length)
    {
        if (_text.Length - _textLength < length)
        {
            Array.Resize(ref _text, Math.Max(2 * _text.Length, _textLength + length));
        }
    }

    private readonly record struct Scope(int FirstKey, int TextStart, HashSet<string>? Set);

    private readonly record struct Key(int Start, int Length);
}
