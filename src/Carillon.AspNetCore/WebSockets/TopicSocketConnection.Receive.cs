using Carillon.Connections;
using Carillon.Connections.WebSockets;
using Carillon.Errors;
using Carillon.Messages;

namespace Carillon.AspNetCore.WebSockets;

internal sealed partial class TopicSocketConnection : IWebSocketReceiver
{
    private static readonly Error NotText = new(ErrorCode.BadRequest, "Messages must be text, not binary");
    private static readonly Error Fault = new(ErrorCode.Internal, "The server failed to do this; its log has the cause");

    async ValueTask IWebSocketReceiver.OnMessageAsync(ReadOnlyMemory<byte> payload, bool isBinary)
    {
        _isHandling = true;
        try
        {
            if (isBinary)
            {
                await WaitForRoomAsync();
                Reply(SocketAnswer.Broken(NotText));
            }
            else if (_framing.IsPacked)
            {
                await HandleLinesAsync(payload);
            }
            else
            {
                await HandleAsync(payload);
            }
        }
        finally
        {
            OnSignOfLife();
            _isHandling = false;
        }
    }

    void IWebSocketReceiver.OnPong() => OnSignOfLife();

    void IWebSocketReceiver.OnPing()
    {
        OnSignOfLife();
        OnClientPing();
    }

    void IWebSocketReceiver.OnEnded(WebSocketEnd end)
    {
        _server.Heartbeat.Unregister(this);
        _outbox.Close(discard: true);
        _server.OnEnded(this);
        _ = EndAsync();
    }

    private async ValueTask HandleLinesAsync(ReadOnlyMemory<byte> lines)
    {
        while (!lines.IsEmpty)
        {
            int end = lines.Span.IndexOf((byte)'\n');
            ReadOnlyMemory<byte> line = end < 0 ? lines : lines[..end];
            lines = end < 0 ? default : lines[(end + 1)..];
            if (line.Span.ContainsAnyExcept(" \t\r"u8))
            {
                await HandleAsync(line);
            }
        }
    }

    // A client that takes no answers, or has asked for very many that are to come, is read no further.
    private async ValueTask WaitForRoomAsync()
    {
        await _answers.WaitForRoomAsync();
        await _outbox.WaitUntilLightAsync();
    }

    private async ValueTask HandleAsync(ReadOnlyMemory<byte> text)
    {
        await WaitForRoomAsync();
        if (CommandReader.TryRead(
            text.Span, _server.Hub.Options.MaxPayloadBytes, _session.Requester, UnixTime.Now(_server.Hub.Time), out SocketCommand? command, out Error? error, out byte[] nonce))
        {
            await DoAsync(command);
        }
        else if (error.Code == ErrorCode.InvalidJson && !CommandReader.IsJson(text.Span))
        {
            _server.Garbage.Add(_id, text.Length);
        }
        else
        {
            Reply(SocketAnswer.Broken(error, nonce));
        }
    }

    // Behind the answers that are still to come.
    private void Reply(Frame answer) => _answers.Fill(_answers.Reserve(), answer);
}
