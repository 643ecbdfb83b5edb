using Carillon.Access;
using Carillon.Connections;
using Carillon.Connections.WebSockets;
using Carillon.Deliveries;
using Carillon.Errors;
using Carillon.Sessions;
using Carillon.Topics;
using Microsoft.Extensions.Logging;

namespace Carillon.AspNetCore.WebSockets;

/// <summary>One client: its session in the hub, its outbox, its deadlines. Thread-safe.</summary>
internal sealed partial class TopicSocketConnection : IOutboxOwner, ISubscriber, ISessionOwner
{
    private readonly TopicSocketServer _server;
    private readonly WebSocketConnection _webSocket;
    private readonly MessageFraming _framing;
    private readonly Outbox _outbox;
    private readonly AnswerQueue _answers;
    private readonly Session _session;
    private readonly string _id;
    private int _isCut;

    public TopicSocketConnection(TopicSocketServer server, WebSocketConnection webSocket, Requester requester, MessageFraming framing, string id)
    {
        _server = server;
        _webSocket = webSocket;
        _framing = framing;
        _id = id;
        _outbox = new Outbox(server.Options.Outbox, this, server.Heartbeat.Time);
        _answers = new AnswerQueue(_outbox, Math.Max(1, server.Options.Outbox.MaxFrames / 2), server.Options.Outbox.MaxBytes / 2);
        _lastPing = _quietSince = server.Heartbeat.Time.GetTimestamp();
        webSocket.Attach(_outbox);
        _session = server.Hub.OpenSession(id, requester, this);
    }

    long? ISessionOwner.LastPing => Volatile.Read(ref _lastPing);

    /// <summary>Runs the connection; see <see cref="WebSocketConnection.RunAsync"/>.</summary>
    public Task RunAsync()
    {
        _server.Heartbeat.Register(this);
        return _webSocket.RunAsync(this);
    }

    /// <summary>Begins to close it when what waits was sent; the first call decides.</summary>
    public void BeginClose(WebSocketCloseCode code, string reason) => _webSocket.Close(code, reason);

    void ISessionOwner.OnRuleBroken(Error reason)
    {
        _outbox.TryEnqueue(SocketAnswer.Broken(reason));
        _outbox.Close(); // Nothing may follow what it is told last.
        BeginClose(WebSocketCloseCode.PolicyViolation, reason.Message);
        LogClosed(_id, reason.Message);
    }

    void ISubscriber.OnSubscribed(TopicName topic)
    {
        // The answer to the request says so.
    }

    // An outbox that is full ends its own connection and tells the reason: a message is never dropped out of the middle.
    bool ISubscriber.TryDeliver(Delivery delivery) => _framing.TryDeliver(delivery, _outbox);

    ValueTask ISubscriber.WaitForRoomAsync(CancellationToken cancellationToken) => _outbox.WaitForRoomAsync();

    void ISubscriber.OnEnded(TopicName topic, Error reason) => _outbox.TryEnqueue(SocketAnswer.Unsubscribed(topic, reason));

    void IOutboxOwner.OnOutboxOverflow() => CutOff("the client reads too slowly");

    /// <summary>Has it ended for a fault of the client; what waits is not sent any more.</summary>
    private void CutOff(string reason)
    {
        if (Interlocked.Exchange(ref _isCut, 1) == 0)
        {
            _outbox.Close(discard: true);
            _webSocket.Close(WebSocketCloseCode.PolicyViolation, reason, atOnce: true);
            LogClosed(_id, reason);
        }
    }

    private async Task EndAsync()
    {
        try
        {
            await _session.CloseAsync();
        }
        catch (Exception fault) when (fault is not OutOfMemoryException)
        {
            LogFault(fault, _id);
        }
    }

    private ILogger Logger => _server.Logger;

    private void LogClosed(string connection, string reason) => LogClosed(Logger, connection, reason);

    private void LogFault(Exception fault, string connection) => LogFault(Logger, fault, connection);

    [LoggerMessage(2, LogLevel.Information, "Connection {Connection} is closed: {Reason}")]
    private static partial void LogClosed(ILogger logger, string connection, string reason);

    [LoggerMessage(3, LogLevel.Error, "A command of connection {Connection} failed")]
    private static partial void LogFault(ILogger logger, Exception fault, string connection);
}
