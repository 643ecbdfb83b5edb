using System.Text.Json;

namespace Carillon.Specs;

/// <summary>A field whose value a delegate writes.</summary>
internal sealed class CustomField : AppendedField
{
    private readonly Action<Utf8JsonWriter, PublishContext> _write;

    public CustomField(string name, Action<Utf8JsonWriter, PublishContext> write)
        : base(name)
    {
        ArgumentNullException.ThrowIfNull(write);
        _write = write;
    }

    protected internal override void WriteValue(Utf8JsonWriter writer, PublishContext context) => _write(writer, context);
}
