using System.Runtime.InteropServices;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Carillon.SocketIO.Json;

/// <summary>Sends and receives <c>byte[]</c> as a binary attachment.</summary>
internal sealed class ByteArrayConverter : JsonConverter<byte[]>
{
    public override byte[] Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        ReadOnlyMemory<byte> value = BinaryValue.Read(ref reader);
        return MemoryMarshal.TryGetArray(value, out ArraySegment<byte> array) && array.Offset == 0 && array.Count == array.Array!.Length
            ? array.Array
            : value.ToArray();
    }

    public override void Write(Utf8JsonWriter writer, byte[] value, JsonSerializerOptions options) => BinaryValue.Write(writer, value);
}
