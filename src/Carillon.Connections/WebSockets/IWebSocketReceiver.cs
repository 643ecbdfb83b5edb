namespace Carillon.Connections.WebSockets;

/// <summary>Takes the messages of one <see cref="WebSocketConnection"/>.</summary>
public interface IWebSocketReceiver
{
    /// <summary>
    /// A whole message; text was checked to be UTF-8. <paramref name="payload"/> is valid until the returned task completes, and
    /// nothing more is read before that. It must not throw.
    /// </summary>
    ValueTask OnMessageAsync(ReadOnlyMemory<byte> payload, bool isBinary);

    /// <summary>
    /// A pong came: the answer to <see cref="WebSocketConnection.Ping"/>, or one nobody asked for (RFC 6455 §5.5.3). Called between messages; it must neither block
    /// nor throw. Does nothing unless implemented.
    /// </summary>
    void OnPong()
    {
    }

    /// <summary>A ping came, and is being answered. Called between messages; it must neither block nor throw. Does nothing unless implemented.</summary>
    void OnPing()
    {
    }

    /// <summary>The connection has ended: the last call. It must neither block nor throw. Does nothing unless implemented.</summary>
    void OnEnded(WebSocketEnd end)
    {
    }
}
