using Carillon.SocketIO.Packets;

namespace Carillon.SocketIO.Acknowledgements;

/// <summary>Somebody here who waits for a client's answer to an event. Thread-safe; must not block nor throw.</summary>
internal interface IPendingAcknowledgement
{
    /// <summary>The client answered. The data is valid during the call only.</summary>
    void OnAnswer(Socket socket, ReadOnlySpan<byte> data, JsonSlice[] arguments, ReadOnlyMemory<byte>[] attachments);

    /// <summary>The socket has left; there will be no answer.</summary>
    void OnLeft(Socket socket, DisconnectReason reason);
}
