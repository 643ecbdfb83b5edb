using Carillon.Connections.WebSockets;

namespace Carillon.SocketIO.EngineIO;

/// <summary>A session's WebSocket as its connection sees it; one that was opened to upgrade is first probed.</summary>
internal sealed class WebSocketTransport(EngineSession session, WebSocketConnection connection, bool isProbe) : IWebSocketReceiver
{
    private bool _probed;
    private bool _upgraded = !isProbe;

    public ValueTask OnMessageAsync(ReadOnlyMemory<byte> payload, bool isBinary)
    {
        if (_upgraded)
        {
            return session.OnWebSocketMessageAsync(payload, isBinary);
        }

        if (!isBinary && !_probed && payload.Span.SequenceEqual("2probe"u8))
        {
            _probed = true;
            session.OnProbed(connection);
        }
        else if (!isBinary && payload.Span.SequenceEqual("5"u8) && session.CompleteUpgrade(connection))
        {
            _upgraded = true;
            return new ValueTask(session.WaitForPostsAsync());
        }
        else
        {
            connection.Close(WebSocketCloseCode.PolicyViolation, "not a probe");
        }

        return ValueTask.CompletedTask;
    }

    public void OnEnded(WebSocketEnd end) => session.OnWebSocketEnded(connection, end);
}
