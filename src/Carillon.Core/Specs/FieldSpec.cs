using System.Diagnostics.CodeAnalysis;
using System.Text;
using System.Text.Json;
using Carillon.Errors;
using Carillon.Json;
using Carillon.Specs.Values;

namespace Carillon.Specs;

/// <summary>
/// Payloads are objects with these fields and no others. A field's rule is one of the types <c>string</c>, <c>number</c>, <c>integer</c> (1.0 is one), <c>boolean</c>,
/// <c>object</c>, <c>array</c> and <c>any</c>; with <c>?</c> behind it null may stand there too, with <c>optional </c> before it the field may be absent.
/// What is in objects and arrays is not looked at.
/// </summary>
/// <remarks>Immutable, thread-safe. Nothing is allocated for a payload that fits.</remarks>
public sealed class FieldSpec : IPayloadSpec
{
    /// <summary>How many fields a spec may have.</summary>
    public const int MaxFields = 256;

    /// <summary>How long a field's name may be, in bytes of UTF-8.</summary>
    public const int MaxNameLength = 255;

    // The longest escape of a byte: \u0000.
    private const int MaxEscapeLength = 6;

    private readonly NameTable _names;
    private readonly FieldRule[] _rules;
    private readonly int _required;

    private FieldSpec(NameTable names, FieldRule[] rules)
    {
        _names = names;
        _rules = rules;
        _required = rules.Count(rule => rule.IsRequired);
    }

    /// <summary>Reads the rules of all fields, by name.</summary>
    /// <exception cref="ArgumentException">One is refused; the message names the field and the reason.</exception>
    public static FieldSpec Parse(IReadOnlyDictionary<string, string> fields) =>
        TryParse(fields, out FieldSpec? spec, out Error? error) ? spec : throw new ArgumentException(error.Message, nameof(fields));

    /// <summary>Reads the rules of all fields, by name.</summary>
    /// <param name="fields">The rules; none means that only <c>{}</c> fits.</param>
    /// <param name="spec">The spec.</param>
    /// <param name="error">Why it is refused; its field is the name of the field.</param>
    public static bool TryParse(IReadOnlyDictionary<string, string> fields, [NotNullWhen(true)] out FieldSpec? spec, [NotNullWhen(false)] out Error? error)
    {
        ArgumentNullException.ThrowIfNull(fields);
        spec = null;
        error = fields.Count > MaxFields ? new Error(ErrorCode.InvalidField, $"Spec: it must have at most {MaxFields} fields") : null;
        var rules = new List<FieldRule>(fields.Count);
        foreach ((string name, string text) in fields)
        {
            if (Encoding.UTF8.GetByteCount(name) > MaxNameLength)
            {
                error ??= Refuse(name, $"must have a name of at most {MaxNameLength} bytes");
            }
            else if (!FieldRule.TryParse(text, out FieldRule rule))
            {
                error ??= Refuse(name, FieldRule.Grammar);
            }
            else
            {
                rules.Add(rule);
            }
        }

        spec = error is null ? new FieldSpec(new NameTable([.. fields.Keys]), [.. rules]) : null;
        return error is null;
    }

    /// <inheritdoc/>
    public Error? Check(ReadOnlySpan<byte> payload)
    {
        var reader = new Utf8JsonReader(payload);
        reader.Read();
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            return Violation(ValuePath.Root, JsonTypes.Object.Expectation(JsonShape.KindOf(reader.TokenType)));
        }

        int found = 0;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            int index = Find(ref reader);
            if (index < 0)
            {
                return Violation(ValuePath.Member(KeyOf(ref reader)), "is not allowed");
            }

            FieldRule rule = _rules[index];
            found += rule.IsRequired ? 1 : 0;
            reader.Read();
            JsonKind kind = JsonShape.KindOf(reader.TokenType);
            if (!rule.Types.Take(kind, reader.ValueSpan))
            {
                return Violation(ValuePath.Member(_names[index]), rule.Types.Expectation(kind));
            }

            reader.Skip();
        }

        // No key stands twice, so counting them is enough.
        return found == _required ? null : Missing(payload);
    }

    private int Find(ref Utf8JsonReader reader)
    {
        if (!reader.ValueIsEscaped)
        {
            return _names.Find(reader.ValueSpan);
        }

        if (reader.ValueSpan.Length > MaxEscapeLength * _names.Longest)
        {
            return -1;
        }

        Span<byte> name = stackalloc byte[MaxEscapeLength * MaxNameLength];
        return _names.Find(name[..EscapedText.Decode(reader.ValueSpan, name)]);
    }

    private Error Missing(ReadOnlySpan<byte> payload)
    {
        var present = new HashSet<int>();
        var reader = new Utf8JsonReader(payload);
        reader.Read();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            present.Add(Find(ref reader));
            reader.Skip();
        }

        int missing = Enumerable.Range(0, _rules.Length).First(index => _rules[index].IsRequired && !present.Contains(index));
        return Violation(ValuePath.Member(_names[missing]), "is missing");
    }

    private static string KeyOf(ref Utf8JsonReader reader)
    {
        byte[] text = new byte[reader.ValueSpan.Length];
        return Encoding.UTF8.GetString(text, 0, EscapedText.Decode(reader.ValueSpan, text));
    }

    private static Error Violation(string place, string expectation) => new(ErrorCode.SpecViolation, $"Field '{place}' {expectation}", place);

    private static Error Refuse(string name, string expectation) => new(ErrorCode.InvalidField, $"Spec: field '{ValuePath.Printable(name)}' {expectation}", name);
}
