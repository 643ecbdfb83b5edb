using System.Net.WebSockets;
using System.Text;

namespace Carillon.SocketIO.Tests;

/// <summary>A client's WebSocket, message by message.</summary>
internal sealed class EngineWebSocket(ClientWebSocket socket) : IDisposable
{
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(30);
    private readonly byte[] _buffer = new byte[2_000_000];

    public ClientWebSocket Socket => socket;

    public Task SendAsync(string packet) =>
        socket.SendAsync(Encoding.UTF8.GetBytes(packet), WebSocketMessageType.Text, endOfMessage: true, default).WaitAsync(Longest);

    public Task SendBinaryAsync(params byte[] bytes) => socket.SendAsync(bytes, WebSocketMessageType.Binary, endOfMessage: true, default).WaitAsync(Longest);

    /// <summary>The next text message.</summary>
    public async Task<string> ReadAsync() => Encoding.UTF8.GetString((await ReadAsync(WebSocketMessageType.Text)).Span);

    /// <summary>The next binary message.</summary>
    public async Task<byte[]> ReadBinaryAsync() => (await ReadAsync(WebSocketMessageType.Binary)).ToArray();

    /// <summary>Reads up to the close frame; null if the connection broke without one.</summary>
    public async Task<(int Code, string Reason)?> ReadCloseAsync()
    {
        try
        {
            WebSocketReceiveResult result;
            do
            {
                result = await socket.ReceiveAsync(new ArraySegment<byte>(_buffer), default).WaitAsync(Longest);
            }
            while (result.MessageType != WebSocketMessageType.Close);

            return ((int)result.CloseStatus.GetValueOrDefault(), result.CloseStatusDescription ?? string.Empty);
        }
        catch (WebSocketException)
        {
            return null;
        }
    }

    public void Dispose() => socket.Dispose();

    private async Task<ReadOnlyMemory<byte>> ReadAsync(WebSocketMessageType expected)
    {
        int length = 0;
        while (true)
        {
            var room = new ArraySegment<byte>(_buffer, length, _buffer.Length - length);
            WebSocketReceiveResult result = await socket.ReceiveAsync(room, default).WaitAsync(Longest);
            if (result.MessageType != expected)
            {
                throw new InvalidOperationException($"{result.MessageType} {result.CloseStatus} {result.CloseStatusDescription}");
            }

            length += result.Count;
            if (result.EndOfMessage)
            {
                return _buffer.AsMemory(0, length);
            }
        }
    }
}
