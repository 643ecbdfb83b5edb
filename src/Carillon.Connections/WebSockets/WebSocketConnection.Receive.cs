using System.Buffers;
using System.IO.Pipelines;
using System.Net.Sockets;

namespace Carillon.Connections.WebSockets;

public sealed partial class WebSocketConnection
{
    /// <summary>
    /// Receives until the connection has ended, and gives each message to <paramref name="receiver"/>, one at a time. Answers pings and the peer's close.
    /// To be called once. The task completes when the request may end: when the connection has ended and nothing of it touches the request any more, or, where
    /// the connection needs no request, at once. In both cases the receiver learns of the end of the connection.
    /// </summary>
    public Task RunAsync(IWebSocketReceiver receiver)
    {
        ArgumentNullException.ThrowIfNull(receiver);
        _link.Begin(this);
        if (!_link.IsHeld)
        {
            return ReceiveAsync(receiver);
        }

        // On another thread, without the execution context of the request: what that holds (context accessors, activities, logging scopes) ends with it.
        _receiver = receiver;
        ThreadPool.UnsafeQueueUserWorkItem(static connection => _ = connection.ReceiveAsync(connection._receiver!), this, preferLocal: false);
        return Task.CompletedTask;
    }

    // One method, so that an idle connection holds one state machine.
    private async Task ReceiveAsync(IWebSocketReceiver receiver)
    {
        _ = DrainAsync(); // The handshake's answer goes out with the frames that wait already.
        using var reader = new WebSocketFrameReader(_options.MaxMessageSize);
        WebSocketEnd? end = null;
        try
        {
            while (end is null)
            {
                ReadOnlySequence<byte> buffer;
                bool isCompleted;
                if (_link.Socket is { } socket)
                {
                    await socket.WaitAsync();
                    buffer = socket.Read();
                    isCompleted = socket.IsCompleted;
                }
                else
                {
                    ReadResult result = await _link.Input!.ReadAsync();
                    buffer = result.Buffer;
                    isCompleted = result.IsCompleted || result.IsCanceled;
                }

                WebSocketReadStatus status;
                while ((status = reader.TryRead(ref buffer, out WebSocketMessage message)) == WebSocketReadStatus.Message)
                {
                    if (message.Opcode is not (WebSocketOpcode.Text or WebSocketOpcode.Binary))
                    {
                        end = OnControlFrame(message, receiver);
                        if (end is not null)
                        {
                            break;
                        }
                    }
                    else if (!IsClosing)
                    {
                        await receiver.OnMessageAsync(message.Payload, message.Opcode == WebSocketOpcode.Binary);
                    }
                }

                Consume(buffer, wantsMore: end is null);
                if (status == WebSocketReadStatus.Violation)
                {
                    Close(reader.Violation.Code, reader.Violation.Reason, atOnce: true);
                    end = WebSocketEnd.Violation;
                }
                else if (end is null && isCompleted)
                {
                    end = WebSocketEnd.Lost;
                }
            }
        }
        catch (Exception error) when (IsLoss(error))
        {
            end = WebSocketEnd.Lost;
        }
        finally
        {
            await EndAsync(receiver, end ?? WebSocketEnd.Lost);
        }
    }

    private async ValueTask EndAsync(IWebSocketReceiver receiver, WebSocketEnd end)
    {
        if (end == WebSocketEnd.Lost)
        {
            _outputEnded = true;
        }
        else if (end == WebSocketEnd.Violation)
        {
            await DiscardAsync();
        }

        await StopWritingAsync();
        lock (_gate)
        {
            _ended = true;
        }

        _heartbeat.Unregister(this);
        _link.Close();
        receiver.OnEnded(Volatile.Read(ref _aborted) ? WebSocketEnd.ClosedHere : end);
    }

    private void Consume(in ReadOnlySequence<byte> rest, bool wantsMore)
    {
        if (_link.Socket is { } socket)
        {
            socket.Keep(rest.Length);
        }
        else
        {
            _link.Input!.AdvanceTo(rest.Start, wantsMore ? rest.End : rest.Start);
        }
    }

    private static bool IsLoss(Exception error) => error is IOException or SocketException or ObjectDisposedException or OperationCanceledException;

    private bool IsClosing => Volatile.Read(ref _close) is not null;

    // The end of the connection, if the frame ends it.
    private WebSocketEnd? OnControlFrame(in WebSocketMessage message, IWebSocketReceiver receiver)
    {
        switch (message.Opcode)
        {
            case WebSocketOpcode.Ping:
                QueuePong(message.Payload.Span);
                receiver.OnPing();
                return null;
            case WebSocketOpcode.Close:
                WebSocketCloseCode code = WebSocketCloseFrame.Decode(message.Payload.Span, out WebSocketViolation? violation);
                bool closedHere = IsClosing;
                if (violation is { } broken)
                {
                    Close(broken.Code, broken.Reason, atOnce: true);
                    return WebSocketEnd.Violation;
                }

                // RFC 6455 §5.5.1: the answer carries the status code that was received.
                Close(code, string.Empty, atOnce: true);
                return closedHere ? WebSocketEnd.ClosedHere : WebSocketEnd.ClosedByPeer;
            default:
                receiver.OnPong(); // It needs no answer: RFC 6455 §5.5.3.
                return null;
        }
    }

    // RFC 6455 §5.5.3 allows to answer only the latest of several pings: a flood of them takes one frame's memory.
    private void QueuePong(ReadOnlySpan<byte> payload)
    {
        var pong = new byte[2 + payload.Length];
        WebSocketFrameHeader.Write(pong, WebSocketOpcode.Pong, payload.Length);
        payload.CopyTo(pong.AsSpan(2));
        lock (_gate)
        {
            _pong = pong;
        }

        Wake();
    }

    // Bytes left unread would make the close of the socket a reset, and the peer might never see our close frame.
    private async Task DiscardAsync()
    {
        try
        {
            bool isCompleted;
            do
            {
                if (_link.Socket is { } socket)
                {
                    await socket.WaitAsync();
                    _ = socket.Read();
                    socket.Keep(0);
                    isCompleted = socket.IsCompleted;
                }
                else
                {
                    ReadResult result = await _link.Input!.ReadAsync();
                    _link.Input.AdvanceTo(result.Buffer.End);
                    isCompleted = result.IsCompleted || result.IsCanceled;
                }
            }
            while (!isCompleted);
        }
        catch (Exception error) when (IsLoss(error))
        {
            // Broken as well: nothing is left to discard.
        }
    }
}
