using System.Text;
using System.Text.Json;

namespace Carillon.Specs;

/// <summary>A field that the server adds to each payload of a topic. What a publisher sent under the same name is replaced.</summary>
/// <remarks>Implementations are immutable and thread-safe, and never block.</remarks>
public abstract class AppendedField
{
    /// <summary>A field of this name.</summary>
    /// <param name="name">1 to <see cref="FieldSpec.MaxNameLength"/> bytes of UTF-8.</param>
    /// <exception cref="ArgumentException">The name is empty, too long or no text.</exception>
    protected AppendedField(string name)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        if (Encoding.UTF8.GetByteCount(name) > FieldSpec.MaxNameLength || name.EnumerateRunes().Any(rune => rune == Rune.ReplacementChar))
        {
            throw new ArgumentException($"The name of an appended field must be at most {FieldSpec.MaxNameLength} bytes of UTF-8", nameof(name));
        }

        Name = name;
    }

    /// <summary>The field's name.</summary>
    public string Name { get; }

    /// <summary>The moment of the publish, in seconds since 1970 UTC with three decimals, such as <c>1678886400.123</c>.</summary>
    public static AppendedField ServerTime(string name) => new ServerTimeField(name);

    /// <summary>A field whose value <paramref name="write"/> writes.</summary>
    /// <param name="name">The field's name.</param>
    /// <param name="write">Writes one value, as <see cref="WriteValue"/> does.</param>
    public static AppendedField Custom(string name, Action<Utf8JsonWriter, PublishContext> write) => new CustomField(name, write);

    /// <summary>Writes the field's value for one publish.</summary>
    /// <param name="writer">Takes exactly one value, at most 63 levels deep, without a raw line break and without the same key twice in an object. It may not be kept.</param>
    /// <param name="context">The publish.</param>
    protected internal abstract void WriteValue(Utf8JsonWriter writer, PublishContext context);
}
