using System.Text.Json;
using Carillon.Json;

namespace Carillon.Specs.Values;

/// <summary>
/// A JSON value taken apart once, so that it can be looked at in any order: a flat list of nodes, containers before what is in them, and their text.
/// It is filled again and again; only a larger value than any before allocates.
/// </summary>
/// <remarks>Not thread-safe.</remarks>
internal sealed class JsonTree
{
    /// <summary>The value itself.</summary>
    public const int Root = 0;

    private const int MaxKeptBytes = 64 * 1024;
    private const int MaxKeptNodes = 4096;

    private byte[] _text = new byte[1024];
    private JsonNode[] _nodes = new JsonNode[64];
    private int _textLength;

    /// <summary>How many nodes there are.</summary>
    public int Count { get; private set; }

    public ref readonly JsonNode this[int node] => ref _nodes[node];

    /// <summary>The text of a scalar or a key.</summary>
    public ReadOnlySpan<byte> Text(int node) => _text.AsSpan(_nodes[node].Start, _nodes[node].Length);

    /// <summary>Takes a value apart.</summary>
    /// <param name="json">Checked JSON, at most 64 levels deep.</param>
    public void Load(ReadOnlySpan<byte> json)
    {
        Count = 0;
        Prepare(json);
        var reader = new Utf8JsonReader(json);
        Span<int> open = stackalloc int[JsonShape.MaxDepth + 1];
        int depth = 0;
        while (reader.Read())
        {
            JsonTokenType token = reader.TokenType;
            if (token is JsonTokenType.EndObject or JsonTokenType.EndArray)
            {
                _nodes[open[--depth]].Next = Count;
                continue;
            }

            // Of an object the keys are counted, of an array the values.
            if (depth > 0 && (token == JsonTokenType.PropertyName || _nodes[open[depth - 1]].Kind == JsonKind.Array))
            {
                _nodes[open[depth - 1]].Count++;
            }

            if (token is JsonTokenType.StartObject or JsonTokenType.StartArray)
            {
                open[depth++] = Add(token == JsonTokenType.StartObject ? JsonKind.Object : JsonKind.Array, 0, 0);
            }
            else
            {
                AddScalar(ref reader, token);
            }
        }
    }

    /// <summary>Lets go of memory that only an unusually large value needed.</summary>
    public void Trim()
    {
        _text = _text.Length > MaxKeptBytes ? new byte[1024] : _text;
        _nodes = _nodes.Length > MaxKeptNodes ? new JsonNode[64] : _nodes;
    }

    private void Prepare(ReadOnlySpan<byte> json)
    {
        // Text without escapes is added behind the value, and is never longer than it.
        int needed = json.Contains((byte)'\\') ? 2 * json.Length : json.Length;
        if (_text.Length < needed)
        {
            _text = GC.AllocateUninitializedArray<byte>(Math.Max(needed, 2 * _text.Length));
        }

        json.CopyTo(_text);
        _textLength = json.Length;
    }

    private void AddScalar(ref Utf8JsonReader reader, JsonTokenType token)
    {
        int start = (int)reader.TokenStartIndex;
        int length = reader.ValueSpan.Length;
        JsonKind kind = token == JsonTokenType.PropertyName ? JsonKind.String : JsonShape.KindOf(token);
        if (kind == JsonKind.String)
        {
            start++;
            if (reader.ValueIsEscaped)
            {
                length = EscapedText.Decode(reader.ValueSpan, _text.AsSpan(_textLength));
                start = _textLength;
                _textLength += length;
            }
        }

        Add(kind, start, length);
    }

    private int Add(JsonKind kind, int start, int length)
    {
        if (Count == _nodes.Length)
        {
            Array.Resize(ref _nodes, 2 * Count);
        }

        _nodes[Count] = new JsonNode(kind, start, length, Count: 0, Next: Count + 1);
        return Count++;
    }
}
