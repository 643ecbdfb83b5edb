using Carillon.Connections;
using Carillon.Connections.WebSockets;

namespace SocketIO.ProtocolTarget.Echo;

/// <summary><c>/echo</c>: a plain WebSocket that sends every message back as it came, by the library's own connection.</summary>
internal sealed class WebSocketEcho(TimeProvider time) : IDisposable
{
    private static readonly OutboxOptions Bounds = new();
    private static readonly WebSocketConnectionOptions Limits = new();
    private readonly Heartbeat _heartbeat = new(time, TimeSpan.FromMilliseconds(500));

    public async Task HandleAsync(HttpContext context)
    {
        if (WebSocketHandshake.FindRefusal(context) is { } status)
        {
            context.Response.StatusCode = status;
            return;
        }

        WebSocketConnection connection = await WebSocketHandshake.AcceptAsync(context, Limits, _heartbeat);
        await connection.RunAsync(new Receiver(connection));
    }

    public void Dispose() => _heartbeat.Dispose();

    private sealed class Receiver : IWebSocketReceiver
    {
        private readonly WebSocketConnection _connection;
        private readonly Outbox _outbox = new(Bounds);

        public Receiver(WebSocketConnection connection)
        {
            _connection = connection;
            connection.Attach(_outbox);
        }

        public ValueTask OnMessageAsync(ReadOnlyMemory<byte> payload, bool isBinary)
        {
            if (!_outbox.TryEnqueue(isBinary ? Frame.FromBinary(payload.Span) : Frame.FromText(payload.Span)))
            {
                _connection.Close(WebSocketCloseCode.PolicyViolation, "outbox overflow", atOnce: true);
            }

            return ValueTask.CompletedTask;
        }
    }
}
