namespace Carillon.SocketIO.EngineIO;

/// <summary>The protocol above an Engine.IO session.</summary>
internal interface IEngineListener
{
    /// <summary>The session was opened and its open packet queued; called once, before anything else. Must neither block nor throw.</summary>
    void OnOpened()
    {
    }

    /// <summary>
    /// A message; text was checked to be UTF-8. The task completes when the listener may be given more; the bytes are valid until then, and
    /// nothing else of the session is read. Must not throw.
    /// </summary>
    ValueTask OnMessageAsync(ReadOnlyMemory<byte> data, bool isBinary);

    /// <summary>One tick of the server's heartbeat, with its timestamp.</summary>
    void OnHeartbeat(long now);

    /// <summary>The session has ended; called once, and nothing is called afterwards.</summary>
    void OnClosed(DisconnectReason reason);
}
