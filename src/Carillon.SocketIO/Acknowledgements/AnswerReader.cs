using Carillon.SocketIO.Cluster;
using Carillon.SocketIO.Json;
using Carillon.SocketIO.Packets;

namespace Carillon.SocketIO.Acknowledgements;

/// <summary>Reads what a socket's acknowledgement says; throws a <see cref="SocketAnswerException"/> if it does not fit.</summary>
internal delegate T AnswerReader<T>(string socketId, ReadOnlySpan<byte> data, JsonSlice[] arguments, ReadOnlyMemory<byte>[] attachments);

/// <summary>The ways of reading acknowledgements.</summary>
internal static class AnswerReader
{
    /// <summary>
    /// The first argument as a <typeparamref name="T"/>, or all of them as a <see cref="SocketAnswer"/>. Throws a <see cref="NotSupportedException"/> if <paramref name="json"/> knows no
    /// <typeparamref name="T"/>: nobody is asked in vain.
    /// </summary>
    public static AnswerReader<T> Of<T>(SocketJson json, string eventName)
    {
        if (typeof(T) == typeof(SocketAnswer))
        {
            return (socketId, data, arguments, attachments) => (T)(object)new SocketAnswer(json, new AnswerSource(eventName, socketId), data, arguments, attachments);
        }

        json.Require<T>("answer to", eventName);
        return (socketId, data, arguments, attachments) => Read<T>(json, new AnswerSource(eventName, socketId), 0, data, arguments, attachments);
    }

    /// <summary>The argument at <paramref name="index"/>; one that is missing counts as <c>null</c>.</summary>
    public static T Read<T>(SocketJson json, AnswerSource source, int index, ReadOnlySpan<byte> data, JsonSlice[] arguments, ReadOnlyMemory<byte>[] attachments)
    {
        ReadOnlySpan<byte> argument = At(index, data, arguments);
        try
        {
            return json.Read<T>(argument, attachments)!;
        }
        catch (Exception error) when (SocketJson.IsMismatch(error))
        {
            throw SocketAnswerException.Of<T>(source, index, argument, error);
        }
    }

    /// <summary>The first argument as it was sent, for another node.</summary>
    public static ClusterAnswer Raw(string socketId, ReadOnlySpan<byte> data, JsonSlice[] arguments, ReadOnlyMemory<byte>[] attachments) =>
        new(socketId, At(0, data, arguments).ToArray(), [.. attachments.Select(static attachment => attachment.ToArray())]);

    private static ReadOnlySpan<byte> At(int index, ReadOnlySpan<byte> data, JsonSlice[] arguments) =>
        index < arguments.Length ? data.Slice(arguments[index].Start, arguments[index].Length) : "null"u8;
}
