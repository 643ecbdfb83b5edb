using Carillon.SocketIO.Cluster;
using Carillon.SocketIO.Json;
using Carillon.SocketIO.Packets;

namespace Carillon.SocketIO.Acknowledgements;

/// <summary>Reads what an acknowledgement says; throws a <see cref="System.Text.Json.JsonException"/> if it does not fit.</summary>
internal delegate T AnswerReader<T>(ReadOnlySpan<byte> data, JsonSlice[] arguments, ReadOnlyMemory<byte>[] attachments);

/// <summary>The ways of reading acknowledgements. One without arguments counts as <c>null</c>.</summary>
internal static class AnswerReader
{
    /// <summary>The first argument as a <typeparamref name="T"/>, or all of them as a <see cref="SocketAnswer"/>.</summary>
    public static AnswerReader<T> Of<T>(SocketJson json) => typeof(T) == typeof(SocketAnswer)
        ? (data, arguments, attachments) => (T)(object)new SocketAnswer(json, data, arguments, attachments)
        : (data, arguments, attachments) => json.Read<T>(First(data, arguments), attachments)!;

    /// <summary>The first argument as it was sent, for another node.</summary>
    public static ClusterAnswer Raw(ReadOnlySpan<byte> data, JsonSlice[] arguments, ReadOnlyMemory<byte>[] attachments) =>
        new(string.Empty, First(data, arguments).ToArray(), [.. attachments.Select(static attachment => attachment.ToArray())]);

    private static ReadOnlySpan<byte> First(ReadOnlySpan<byte> data, JsonSlice[] arguments) =>
        arguments is [var first, ..] ? data.Slice(first.Start, first.Length) : "null"u8;
}
