using System.Diagnostics.CodeAnalysis;
using System.Text.Encodings.Web;
using System.Text.Json;
using Carillon.Errors;
using Carillon.Json;
using Carillon.Specs.Values;

namespace Carillon.Specs;

/// <summary>
/// The fields that a topic appends to its payloads: they stand at the end of the object, in their order, and in the place of those that a publisher sent under the same names,
/// so that nobody can forge them.
/// </summary>
/// <remarks>Immutable, thread-safe.</remarks>
public sealed class AppendedFields
{
    /// <summary>How many fields a topic may append.</summary>
    public const int MaxFields = 64;

    private const int MaxEscapeLength = 6;

    private readonly AppendedField[] _fields;
    private readonly byte[][] _keys;
    private readonly NameTable _names;

    /// <summary>These fields, in this order.</summary>
    /// <exception cref="ArgumentException">There are more than <see cref="MaxFields"/>, or two have the same name.</exception>
    public AppendedFields(params IEnumerable<AppendedField> fields)
    {
        ArgumentNullException.ThrowIfNull(fields);
        _fields = [.. fields];
        if (_fields.Length > MaxFields)
        {
            throw new ArgumentException($"A topic may append at most {MaxFields} fields", nameof(fields));
        }

        if (_fields.GroupBy(field => field.Name, StringComparer.Ordinal).FirstOrDefault(group => group.Skip(1).Any()) is { } twice)
        {
            throw new ArgumentException($"Appended field '{twice.Key}' stands there twice", nameof(fields));
        }

        _keys = [.. _fields.Select(field => KeyOf(field.Name))];
        _names = new NameTable([.. _fields.Select(field => field.Name)]);
    }

    /// <summary>The names of the fields, in their order.</summary>
    public IEnumerable<string> Names => _fields.Select(appended => appended.Name);

    /// <summary>Appends the fields to a payload. The result, when it is another one, is the only allocation, but for what custom fields do.</summary>
    /// <param name="payload">Compact JSON that was checked. It stays as it is.</param>
    /// <param name="context">The publish.</param>
    /// <param name="result">The payload with its fields; the payload itself when there are none to append. Its length may be above any limit that the payload kept.</param>
    /// <param name="error">Set when there are fields to append and the payload is no object.</param>
    public bool TryAppend(ReadOnlyMemory<byte> payload, PublishContext context, out ReadOnlyMemory<byte> result, [NotNullWhen(false)] out Error? error)
    {
        result = payload;
        error = null;
        if (_fields.Length == 0)
        {
            return true;
        }

        var reader = new Utf8JsonReader(payload.Span);
        reader.Read();
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            string found = JsonShape.Describe(JsonShape.KindOf(reader.TokenType));
            error = new Error(ErrorCode.SpecViolation, $"Field '{ValuePath.Root}' must be an object, not {found}: the topic appends fields to it", ValuePath.Root);
            return false;
        }

        Span<Range> forged = stackalloc Range[_fields.Length];
        forged = forged[..FindForged(ref reader, forged)];
        using AppendedText appended = AppendedText.Rent();
        for (int i = 0; i < _fields.Length; i++)
        {
            appended.Add(_fields[i], _keys[i], context);
        }

        result = Join(payload.Span, forged, appended.Written);
        return true;
    }

    private int FindForged(ref Utf8JsonReader reader, scoped Span<Range> forged)
    {
        int count = 0;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            int start = (int)reader.TokenStartIndex;
            bool isForged = IsAppended(ref reader);
            reader.Skip();
            if (isForged)
            {
                forged[count++] = start..(int)reader.BytesConsumed;
            }
        }

        return count;
    }

    private bool IsAppended(ref Utf8JsonReader reader)
    {
        if (!reader.ValueIsEscaped)
        {
            return _names.Find(reader.ValueSpan) >= 0;
        }

        if (reader.ValueSpan.Length > MaxEscapeLength * _names.Longest)
        {
            return false;
        }

        Span<byte> name = stackalloc byte[MaxEscapeLength * FieldSpec.MaxNameLength];
        return _names.Find(name[..EscapedText.Decode(reader.ValueSpan, name)]) >= 0;
    }

    private static byte[] Join(ReadOnlySpan<byte> payload, ReadOnlySpan<Range> forged, ReadOnlySpan<byte> appended)
    {
        int length = payload.Length;
        foreach (Range range in forged)
        {
            length -= range.End.Value - range.Start.Value + (payload[range.End.Value] == ',' ? 1 : 0);
        }

        // The last member kept may have lost the one behind it, and keeps a comma that the appended ones want anyway; otherwise one is needed.
        bool endsWithComma = length > 2 && forged.Length > 0 && payload[forged[^1].End.Value] == '}';
        bool needsComma = length > 2 && !endsWithComma;
        byte[] joined = GC.AllocateUninitializedArray<byte>(length + appended.Length + (needsComma ? 1 : 0));
        int end = 0;
        int start = 0;
        foreach (Range range in forged)
        {
            payload[start..range.Start.Value].CopyTo(joined.AsSpan(end));
            end += range.Start.Value - start;
            start = range.End.Value + (payload[range.End.Value] == ',' ? 1 : 0);
        }

        ReadOnlySpan<byte> rest = payload[start..^1];
        rest.CopyTo(joined.AsSpan(end));
        end += rest.Length;
        if (needsComma)
        {
            joined[end++] = (byte)',';
        }

        appended.CopyTo(joined.AsSpan(end));
        joined[^1] = (byte)'}';
        return joined;
    }

    private static byte[] KeyOf(string name) => [(byte)'"', .. JsonEncodedText.Encode(name, JavaScriptEncoder.UnsafeRelaxedJsonEscaping).EncodedUtf8Bytes, (byte)'"', (byte)':'];
}
