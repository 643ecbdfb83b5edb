using System.Diagnostics.CodeAnalysis;
using System.Text;
using System.Text.Json;
using System.Text.Unicode;
using Carillon.Errors;

namespace Carillon.Json;

/// <summary>
/// Reads an object with known fields strictly and in one pass: the text must be UTF-8 and one JSON object, no object in it may hold a key twice,
/// nothing may be nested deeper than allowed. Values are found, not decoded: a payload stays the bytes it was. Unknown fields are checked like the rest and passed over.
/// </summary>
/// <remarks>Immutable, thread-safe.</remarks>
public sealed class JsonShape
{
    /// <summary>How deep a field's value may be nested.</summary>
    public const int MaxDepth = 64;

    [ThreadStatic]
    private static DuplicateKeyDetector? duplicateKeys;

    private readonly int _maxDepth = MaxDepth;
    private readonly string[] _names;
    private readonly byte[][] _utf8Names;

    /// <summary>A shape with these fields; their order is the order of the results.</summary>
    public JsonShape(params string[] fields)
    {
        _names = fields;
        _utf8Names = [.. fields.Select(Encoding.UTF8.GetBytes)];
    }

    /// <summary>Any object that is a payload by itself: the object is the first of its levels.</summary>
    public static JsonShape Payload { get; } = new(MaxDepth - 1);

    private JsonShape(int maxDepth)
        : this() => _maxDepth = maxDepth;

    /// <summary>Reads <paramref name="utf8"/>.</summary>
    /// <param name="utf8">The text.</param>
    /// <param name="fields">Takes one result per field of the shape.</param>
    /// <param name="error">What is wrong with the text; then the fields mean nothing.</param>
    public bool TryRead(ReadOnlySpan<byte> utf8, Span<JsonField> fields, [NotNullWhen(false)] out Error? error)
    {
        fields[.._names.Length].Clear();
        if (!Utf8.IsValid(utf8))
        {
            error = new Error(ErrorCode.InvalidJson, "The body must be JSON in UTF-8: it holds bytes that are not UTF-8");
            return false;
        }

        DuplicateKeyDetector keys = duplicateKeys ??= new DuplicateKeyDetector();
        keys.Reset();
        try
        {
            error = Read(utf8, fields, keys);
        }
        catch (JsonException malformed)
        {
            error = new Error(ErrorCode.InvalidJson, $"The body must be JSON: it is malformed at line {malformed.LineNumber + 1}, byte {malformed.BytePositionInLine + 1}");
        }

        return error is null;
    }

    private Error? Read(ReadOnlySpan<byte> utf8, Span<JsonField> fields, DuplicateKeyDetector keys)
    {
        // The object itself is one level, and one more lets the check below answer by name before the reader gives up.
        var reader = new Utf8JsonReader(utf8, new JsonReaderOptions { MaxDepth = MaxDepth + 2 });
        reader.Read();
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            return new Error(ErrorCode.InvalidJson, $"The body must be a JSON object, not {Describe(KindOf(reader.TokenType))}");
        }

        keys.Enter();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (!keys.TryAdd(ref reader, out string? problem))
            {
                return KeyError(problem);
            }

            int index = IndexOf(ref reader);
            string? name = index >= 0 ? _names[index] : null;
            reader.Read();
            if (ReadValue(ref reader, keys, name, out JsonField field) is { } error)
            {
                return error;
            }

            if (index >= 0)
            {
                fields[index] = field;
            }
        }

        // The reader throws on anything that follows the object.
        reader.Read();
        return null;
    }

    private Error? ReadValue(ref Utf8JsonReader reader, DuplicateKeyDetector keys, string? name, out JsonField field)
    {
        int start = (int)reader.TokenStartIndex;
        JsonKind kind = KindOf(reader.TokenType);
        int outside = reader.CurrentDepth;
        int depth = 0;
        field = default;
        if (kind is JsonKind.Object or JsonKind.Array)
        {
            do
            {
                switch (reader.TokenType)
                {
                    case JsonTokenType.StartObject or JsonTokenType.StartArray:
                        depth = Math.Max(depth, reader.CurrentDepth - outside + 1);
                        if (depth > _maxDepth)
                        {
                            string subject = name is null ? "The body" : $"Field '{name}'";
                            return new Error(ErrorCode.InvalidJson, $"{subject} must not be nested deeper than {MaxDepth} levels", name);
                        }

                        if (reader.TokenType == JsonTokenType.StartObject)
                        {
                            keys.Enter();
                        }

                        break;
                    case JsonTokenType.EndObject:
                        keys.Leave();
                        break;
                    case JsonTokenType.PropertyName when !keys.TryAdd(ref reader, out string? problem):
                        return KeyError(problem, name);
                }
            }
            while (!(reader.TokenType is JsonTokenType.EndObject or JsonTokenType.EndArray && reader.CurrentDepth == outside) && reader.Read());
        }

        field = new JsonField(kind, start, (int)reader.BytesConsumed - start, depth);
        return null;
    }

    private static Error KeyError(string? duplicate, string? within = null)
    {
        if (duplicate is null)
        {
            return new Error(ErrorCode.InvalidJson, "A key must be valid Unicode: it holds half of a surrogate pair", within);
        }

        string place = within is null ? string.Empty : $" within field '{within}'";
        duplicate = duplicate.Length > 64 ? string.Concat(duplicate.AsSpan(0, 64), "…") : duplicate;
        return new Error(ErrorCode.DuplicateKey, $"Key '{duplicate}' stands twice in one object{place}", within ?? duplicate);
    }

    private int IndexOf(ref Utf8JsonReader reader)
    {
        for (int i = 0; i < _utf8Names.Length; i++)
        {
            if (reader.ValueTextEquals(_utf8Names[i]))
            {
                return i;
            }
        }

        return -1;
    }

    /// <summary>A kind in words, as it stands in an error: "a string".</summary>
    public static string Describe(JsonKind kind) => kind switch
    {
        JsonKind.Object => "an object",
        JsonKind.Array => "an array",
        JsonKind.String => "a string",
        JsonKind.Number => "a number",
        JsonKind.Boolean => "a boolean",
        JsonKind.Null => "null",
        _ => "nothing",
    };

    /// <summary>What a value is that begins with this token.</summary>
    internal static JsonKind KindOf(JsonTokenType token) => token switch
    {
        JsonTokenType.StartObject => JsonKind.Object,
        JsonTokenType.StartArray => JsonKind.Array,
        JsonTokenType.String => JsonKind.String,
        JsonTokenType.Number => JsonKind.Number,
        JsonTokenType.True or JsonTokenType.False => JsonKind.Boolean,
        JsonTokenType.Null => JsonKind.Null,
        _ => JsonKind.Absent,
    };
}
