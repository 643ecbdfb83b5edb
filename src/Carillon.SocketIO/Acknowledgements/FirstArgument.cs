using Carillon.SocketIO.Json;
using Carillon.SocketIO.Packets;

namespace Carillon.SocketIO.Acknowledgements;

/// <summary>Reads what an acknowledgement says. One without arguments counts as <c>null</c>.</summary>
internal static class FirstArgument
{
    public static T? Read<T>(SocketJson json, ReadOnlySpan<byte> data, JsonSlice[] arguments, ReadOnlyMemory<byte>[] attachments) =>
        json.Read<T>(arguments is [var first, ..] ? data.Slice(first.Start, first.Length) : "null"u8, attachments);
}
