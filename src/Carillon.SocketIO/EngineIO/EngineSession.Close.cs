using Carillon.Connections.WebSockets;

namespace Carillon.SocketIO.EngineIO;

internal sealed partial class EngineSession
{
    private DisconnectCause? _closedFor;

    /// <summary>
    /// Ends the session for <paramref name="reason"/>; only the first call does. A WebSocket gets a close frame that tells the reason, a pending poll the
    /// answer that fits. What waits in the outbox is still sent where the reason allows it.
    /// </summary>
    public void Close(DisconnectReason reason)
    {
        (WebSocketCloseCode code, string text, PollAnswer answer, bool flush) = Describe(reason);
        WebSocketConnection? webSocket;
        WebSocketConnection? probe;
        lock (_gate)
        {
            if (_state != SessionState.Open)
            {
                return;
            }

            // Only a polling client can still be told later, by its next poll.
            _state = _webSocket is null && flush && answer == PollAnswer.Close ? SessionState.Draining : SessionState.Closed;
            _closedFor = reason.Cause;
            Volatile.Write(ref _quietSince, _server.Heartbeat.Time.GetTimestamp());
            webSocket = _webSocket;
            probe = _probe;
        }

        LeaveLine();
        Outbox.Close(discard: !flush);
        webSocket?.Close(code, text, atOnce: !flush);
        probe?.Close(code, text, atOnce: true);
        _polling.Finish(answer);
        if (_state == SessionState.Closed)
        {
            Forget();
        }

        _server.OnSessionClosed(this, reason);
        _listener.OnClosed(reason);
    }

    /// <summary>A connection of the session has ended.</summary>
    public void OnWebSocketEnded(WebSocketConnection connection, WebSocketEnd end)
    {
        try
        {
            EndWebSocket(connection, end);
        }
        finally
        {
            _server.LeaveRequest();
        }
    }

    private void EndWebSocket(WebSocketConnection connection, WebSocketEnd end)
    {
        bool isTransport;
        lock (_gate)
        {
            isTransport = _webSocket == connection;
            if (_probe == connection)
            {
                _probe = null; // The client goes on polling.
                _probed = false;
            }
        }

        if (isTransport)
        {
            Close(end == WebSocketEnd.Violation ? new DisconnectReason(DisconnectCause.TransportError) : LossOf(connection));
        }
    }

    // Whether the client left, or was cut off here, is one to the reference's words, and not to who reads the log.
    private static DisconnectReason LossOf(WebSocketConnection connection) => new(DisconnectCause.TransportClose, connection.IsCutOff ? "write timeout" : null);

    private void Forget()
    {
        _state = SessionState.Closed;
        _server.Remove(this);
    }

    private static (WebSocketCloseCode Code, string Text, PollAnswer Answer, bool Flush) Describe(DisconnectReason reason) => reason.Cause switch
    {
        DisconnectCause.TransportClose => (WebSocketCloseCode.Normal, string.Empty, PollAnswer.Noop, false),
        DisconnectCause.ServerShuttingDown => (WebSocketCloseCode.GoingAway, "server is shutting down", PollAnswer.ShuttingDown, true),
        DisconnectCause.OutboxOverflow => (WebSocketCloseCode.PolicyViolation, reason.Detail ?? "outbox overflow", PollAnswer.Close, false),
        DisconnectCause.ForcedClose => (WebSocketCloseCode.Normal, reason.Detail ?? reason.ToString(), PollAnswer.Close, true),
        _ => (WebSocketCloseCode.PolicyViolation, reason.Detail is null ? reason.ToString() : $"{reason}: {reason.Detail}", PollAnswer.Close, false),
    };
}
