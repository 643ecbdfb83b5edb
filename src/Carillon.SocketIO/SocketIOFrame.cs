using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Carillon.Connections;
using Carillon.SocketIO.Packets;

namespace Carillon.SocketIO;

/// <summary>Encodes an event once, to be sent to any number of sockets of one namespace by <see cref="Socket.TrySend(Frame)"/>. Thread-safe.</summary>
public static class SocketIOFrame
{
    /// <summary>The encoder for event names: it escapes only what JSON must, as clients parse JSON and nothing else.</summary>
    public static JavaScriptEncoder Encoder => JavaScriptEncoder.UnsafeRelaxedJsonEscaping;

    /// <summary>An event with a name that is encoded here; see <see cref="Event(string, JsonEncodedText, ReadOnlySpan{byte})"/>.</summary>
    public static Frame Event(string namespaceName, string eventName, ReadOnlySpan<byte> argumentsJson) =>
        Event(namespaceName, JsonEncodedText.Encode(eventName, Encoder), argumentsJson);

    /// <summary>
    /// An event with a name encoded beforehand. <paramref name="argumentsJson"/> holds comma-separated JSON values in UTF-8, or nothing;
    /// it is sent as it is, so the caller answers for its being JSON.
    /// </summary>
    public static Frame Event(string namespaceName, JsonEncodedText eventName, ReadOnlySpan<byte> argumentsJson) =>
        PacketWriter.Event(PrefixOf(namespaceName), eventName, argumentsJson);

    /// <summary>What stands for the namespace in a packet: nothing for <c>/</c>, else its name and a comma.</summary>
    internal static byte[] PrefixOf(string namespaceName)
    {
        ArgumentNullException.ThrowIfNull(namespaceName);
        return namespaceName == "/" ? [] : Encoding.UTF8.GetBytes(namespaceName + ",");
    }
}
