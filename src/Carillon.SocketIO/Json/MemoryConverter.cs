using System.Text.Json;
using System.Text.Json.Serialization;

namespace Carillon.SocketIO.Json;

/// <summary>Sends and receives <c>ReadOnlyMemory&lt;byte&gt;</c> as a binary attachment.</summary>
internal sealed class MemoryConverter : JsonConverter<ReadOnlyMemory<byte>>
{
    public override ReadOnlyMemory<byte> Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => BinaryValue.Read(ref reader);

    public override void Write(Utf8JsonWriter writer, ReadOnlyMemory<byte> value, JsonSerializerOptions options) => BinaryValue.Write(writer, value);
}
