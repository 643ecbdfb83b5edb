using System.Net;
using System.Net.WebSockets;
using System.Text;
using System.Text.Json;
using Shouldly;

namespace Carillon.AspNetCore.Tests.WebSockets;

/// <summary>A client of WebSocket JSON: .NET's own WebSocket.</summary>
internal sealed class TopicSocketClient : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private readonly ClientWebSocket _socket;

    private TopicSocketClient(ClientWebSocket socket) => _socket = socket;

    public string? Subprotocol => _socket.SubProtocol;

    public static async Task<TopicSocketClient> ConnectAsync(Uri address, string? subprotocol = null)
    {
        var socket = new ClientWebSocket();
        if (subprotocol is not null)
        {
            socket.Options.AddSubProtocol("unknown.protocol");
            socket.Options.AddSubProtocol(subprotocol);
        }

        await socket.ConnectAsync(address, CancellationToken.None).WaitAsync(Patience);
        return new TopicSocketClient(socket);
    }

    public static async Task<HttpStatusCode> RefusalAsync(Uri address, string origin)
    {
        using var socket = new ClientWebSocket();
        socket.Options.CollectHttpResponseDetails = true;
        socket.Options.SetRequestHeader("Origin", origin);
        await Should.ThrowAsync<WebSocketException>(() => socket.ConnectAsync(address, CancellationToken.None).WaitAsync(Patience));
        return socket.HttpStatusCode;
    }

    public Task SendAsync(string text) => SendAsync(Encoding.UTF8.GetBytes(text), WebSocketMessageType.Text);

    public Task SendAsync(byte[] bytes, WebSocketMessageType type = WebSocketMessageType.Text) =>
        _socket.SendAsync(bytes, type, endOfMessage: true, CancellationToken.None).WaitAsync(Patience);

    /// <summary>Sends a command and returns the next message.</summary>
    public async Task<JsonElement> AskAsync(string text)
    {
        await SendAsync(text);
        return await NextAsync();
    }

    public async Task<JsonElement> NextAsync() => JsonElement.Parse(await NextTextAsync());

    public async Task<string> NextTextAsync()
    {
        using var text = new MemoryStream();
        byte[] buffer = new byte[64 * 1024];
        while (true)
        {
            ValueWebSocketReceiveResult part = await ReceiveAsync(buffer);
            part.MessageType.ShouldBe(WebSocketMessageType.Text, $"closed: {_socket.CloseStatus} {_socket.CloseStatusDescription}");
            text.Write(buffer.AsSpan(0, part.Count));
            if (part.EndOfMessage)
            {
                return Encoding.UTF8.GetString(text.GetBuffer().AsSpan(0, (int)text.Length));
            }
        }
    }

    /// <summary>Reads up to the server's close, and returns its code and reason.</summary>
    public async Task<(int Code, string? Reason)> ClosedAsync()
    {
        byte[] buffer = new byte[64 * 1024];
        while ((await ReceiveAsync(buffer)).MessageType != WebSocketMessageType.Close)
        {
        }

        return ((int)_socket.CloseStatus!.Value, _socket.CloseStatusDescription);
    }

    public ValueTask DisposeAsync()
    {
        _socket.Dispose();
        return ValueTask.CompletedTask;
    }

    private async Task<ValueWebSocketReceiveResult> ReceiveAsync(byte[] buffer)
    {
        using var timeout = new CancellationTokenSource(Patience);
        return await _socket.ReceiveAsync(buffer.AsMemory(), timeout.Token);
    }
}
