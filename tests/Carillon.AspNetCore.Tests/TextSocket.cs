using System.Net;
using System.Net.WebSockets;
using System.Text;
using Shouldly;

namespace Carillon.AspNetCore.Tests;

/// <summary>.NET's own WebSocket as a client of text messages. It answers pings only while it reads.</summary>
internal abstract class TextSocket : IAsyncDisposable
{
    protected static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private readonly ClientWebSocket _socket;

    /// <summary>A client on a socket that is connected.</summary>
    protected TextSocket(ClientWebSocket socket) => _socket = socket;

    public string? Subprotocol => _socket.SubProtocol;

    /// <summary>The status that a WebSocket to <paramref name="address"/> is refused with.</summary>
    public static async Task<HttpStatusCode> RefusalAsync(Uri address, (string Name, string Value)[] headers, HttpMessageInvoker? http2 = null)
    {
        using ClientWebSocket socket = Create(headers, http2);
        socket.Options.CollectHttpResponseDetails = true;
        await Should.ThrowAsync<WebSocketException>(() => socket.ConnectAsync(address, http2, CancellationToken.None).WaitAsync(Patience));
        return socket.HttpStatusCode;
    }

    public Task SendAsync(string text) => SendAsync(Encoding.UTF8.GetBytes(text));

    public Task SendAsync(byte[] bytes, WebSocketMessageType type = WebSocketMessageType.Text) =>
        _socket.SendAsync(bytes, type, endOfMessage: true, CancellationToken.None).WaitAsync(Patience);

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

    /// <summary>Ends the TCP connection without a close frame.</summary>
    public void Abort() => _socket.Abort();

    public async ValueTask DisposeAsync()
    {
        try
        {
            if (_socket.State == WebSocketState.Open)
            {
                await _socket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, null, CancellationToken.None).WaitAsync(Patience);
            }
        }
        catch (WebSocketException)
        {
            // The server has ended it, which nobody read.
        }

        _socket.Dispose();
    }

    protected static async Task<ClientWebSocket> OpenAsync(
        Uri address, (string Name, string Value)[]? headers = null, HttpMessageInvoker? http2 = null, params string[] subprotocols)
    {
        ClientWebSocket socket = Create(headers ?? [], http2);
        Array.ForEach(subprotocols, socket.Options.AddSubProtocol);
        await socket.ConnectAsync(address, http2, CancellationToken.None).WaitAsync(Patience);
        return socket;
    }

    private static ClientWebSocket Create((string Name, string Value)[] headers, HttpMessageInvoker? http2)
    {
        var socket = new ClientWebSocket();
        socket.Options.KeepAliveInterval = TimeSpan.Zero;
        if (http2 is not null)
        {
            socket.Options.HttpVersion = HttpVersion.Version20;
            socket.Options.HttpVersionPolicy = HttpVersionPolicy.RequestVersionExact;
        }

        foreach ((string name, string value) in headers)
        {
            socket.Options.SetRequestHeader(name, value);
        }

        return socket;
    }

    private async Task<ValueWebSocketReceiveResult> ReceiveAsync(Memory<byte> buffer) =>
        await _socket.ReceiveAsync(buffer, CancellationToken.None).AsTask().WaitAsync(Patience);
}
