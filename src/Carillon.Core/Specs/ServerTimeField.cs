using System.Text.Json;
using Carillon.Messages;

namespace Carillon.Specs;

/// <summary>The moment of the publish.</summary>
internal sealed class ServerTimeField(string name) : AppendedField(name)
{
    protected internal override void WriteValue(Utf8JsonWriter writer, PublishContext context)
    {
        Span<byte> text = stackalloc byte[UnixTime.MaxFormattedLength];
        writer.WriteRawValue(text[..context.Time.Format(text)], skipInputValidation: true);
    }
}
