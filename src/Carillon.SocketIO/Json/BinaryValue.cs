using System.Text.Json;

namespace Carillon.SocketIO.Json;

/// <summary>How binary values stand in a packet's JSON: as placeholders of attachments; as base64 text where a client sends that.</summary>
internal static class BinaryValue
{
    public static ReadOnlyMemory<byte> Read(ref Utf8JsonReader reader)
    {
        if (reader.TokenType == JsonTokenType.String)
        {
            return reader.GetBytesFromBase64();
        }

        ReadOnlyMemory<byte>[] attachments = AttachmentScope.Received ?? [];
        return reader.TokenType == JsonTokenType.StartObject && ReadNumber(ref reader) is { } number && (uint)number < (uint)attachments.Length
            ? attachments[number]
            : throw new JsonException("Binary data was expected.");
    }

    public static void Write(Utf8JsonWriter writer, ReadOnlyMemory<byte> value)
    {
        if (AttachmentScope.Written is not { } attachments)
        {
            writer.WriteBase64StringValue(value.Span);
            return;
        }

        writer.WriteStartObject();
        writer.WriteBoolean("_placeholder"u8, true);
        writer.WriteNumber("num"u8, attachments.Count);
        writer.WriteEndObject();
        attachments.Add(value);
    }

    private static int? ReadNumber(ref Utf8JsonReader reader)
    {
        bool isPlaceholder = false;
        int? number = null;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            bool isMark = reader.ValueTextEquals("_placeholder"u8);
            bool isNumber = reader.ValueTextEquals("num"u8);
            reader.Read();
            if (isMark)
            {
                isPlaceholder = reader.TokenType == JsonTokenType.True;
            }
            else if (isNumber)
            {
                number = reader.TokenType == JsonTokenType.Number && reader.TryGetInt32(out int value) ? value : null;
            }

            reader.Skip();
        }

        return isPlaceholder ? number : null;
    }
}
