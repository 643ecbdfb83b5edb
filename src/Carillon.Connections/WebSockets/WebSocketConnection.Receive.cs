using System.Buffers;
using System.IO.Pipelines;

namespace Carillon.Connections.WebSockets;

public sealed partial class WebSocketConnection
{
    /// <summary>
    /// Receives until the connection has ended, and gives each message to <paramref name="receiver"/>, one at a time. Answers pings and the peer's close.
    /// To be called once. When it returns, nothing of this connection touches the link any more.
    /// </summary>
    public async Task<WebSocketEnd> RunAsync(IWebSocketReceiver receiver)
    {
        ArgumentNullException.ThrowIfNull(receiver);
        _heartbeat.Register(this);
        using var reader = new WebSocketFrameReader(_options.MaxMessageSize);
        try
        {
            WebSocketEnd end = await ReceiveAsync(reader, receiver);
            if (end == WebSocketEnd.Lost)
            {
                _outputEnded = true;
            }
            else if (end == WebSocketEnd.Violation)
            {
                await DiscardAsync();
            }

            return Volatile.Read(ref _aborted) ? WebSocketEnd.ClosedHere : end;
        }
        finally
        {
            await StopWritingAsync();
            _heartbeat.Unregister(this);
        }
    }

    private async Task<WebSocketEnd> ReceiveAsync(WebSocketFrameReader reader, IWebSocketReceiver receiver)
    {
        try
        {
            while (true)
            {
                ReadResult result = await _link.Input.ReadAsync();
                ReadOnlySequence<byte> buffer = result.Buffer;
                WebSocketReadStatus status;
                while ((status = reader.TryRead(ref buffer, out WebSocketMessage message)) == WebSocketReadStatus.Message)
                {
                    if (message.Opcode is WebSocketOpcode.Text or WebSocketOpcode.Binary)
                    {
                        if (!IsClosing)
                        {
                            await receiver.OnMessageAsync(message.Payload, message.Opcode == WebSocketOpcode.Binary);
                        }
                    }
                    else if (OnControlFrame(message) is { } end)
                    {
                        _link.Input.AdvanceTo(buffer.Start);
                        return end;
                    }
                }

                _link.Input.AdvanceTo(buffer.Start, buffer.End);
                if (status == WebSocketReadStatus.Violation)
                {
                    Close(reader.Violation.Code, reader.Violation.Reason, atOnce: true);
                    return WebSocketEnd.Violation;
                }

                if (result.IsCompleted || result.IsCanceled)
                {
                    return WebSocketEnd.Lost;
                }
            }
        }
        catch (Exception error) when (error is IOException or OperationCanceledException)
        {
            return WebSocketEnd.Lost;
        }
    }

    private bool IsClosing => Volatile.Read(ref _close) is not null;

    // The end of the connection, if the frame ends it.
    private WebSocketEnd? OnControlFrame(in WebSocketMessage message)
    {
        switch (message.Opcode)
        {
            case WebSocketOpcode.Ping:
                QueuePong(message.Payload.Span);
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
                return null; // A pong needs no answer: RFC 6455 §5.5.3.
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
            ReadResult result;
            do
            {
                result = await _link.Input.ReadAsync();
                _link.Input.AdvanceTo(result.Buffer.End);
            }
            while (!result.IsCompleted && !result.IsCanceled);
        }
        catch (Exception error) when (error is IOException or OperationCanceledException)
        {
            // Broken as well: nothing is left to discard.
        }
    }
}
