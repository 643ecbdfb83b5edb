namespace Carillon.SocketIO.EngineIO;

/// <summary>The protocol above an Engine.IO session.</summary>
internal interface IEngineListener
{
    /// <summary>
    /// A message; text was checked to be UTF-8. The bytes are valid only during the call. The task completes when the listener may be given more;
    /// nothing else of the session is read until then. Must not throw.
    /// </summary>
    ValueTask OnMessageAsync(ReadOnlyMemory<byte> data, bool isBinary);

    /// <summary>One tick of the server's heartbeat, with its timestamp.</summary>
    void OnHeartbeat(long now);

    /// <summary>The session has ended; called once, and nothing is called afterwards.</summary>
    void OnClosed(DisconnectReason reason);
}
