using System.Net;
using System.Net.WebSockets;
using System.Text;
using System.Text.Json;
using Shouldly;

namespace Carillon.AspNetCore.Tests.Channels;

/// <summary>A client of a channel socket: .NET's own WebSocket. It answers pings only while it reads.</summary>
internal sealed class ChannelClient : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private readonly ClientWebSocket _socket;

    private ChannelClient(ClientWebSocket socket) => _socket = socket;

    public static async Task<ChannelClient> ConnectAsync(Uri address, params (string Name, string Value)[] headers)
    {
        ClientWebSocket socket = Create(headers);
        await socket.ConnectAsync(address, CancellationToken.None).WaitAsync(Patience);
        return new ChannelClient(socket);
    }

    public static async Task<HttpStatusCode> RefusalAsync(Uri address, (string Name, string Value)[] headers)
    {
        using ClientWebSocket socket = Create(headers);
        await Should.ThrowAsync<WebSocketException>(() => socket.ConnectAsync(address, CancellationToken.None).WaitAsync(Patience));
        return socket.HttpStatusCode;
    }

    public async Task<string> NextTextAsync()
    {
        using var text = new MemoryStream();
        byte[] buffer = new byte[16 * 1024];
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

    /// <summary>The next object, with the names that the web's JSON has.</summary>
    public async Task<Stage.Seen> NextAsync() => JsonSerializer.Deserialize<Stage.Seen>(await NextTextAsync(), JsonSerializerOptions.Web)!;

    /// <summary>Reads objects until one says that so many are connected.</summary>
    public async Task<Stage.Seen> UntilCountAsync(int count)
    {
        while (true)
        {
            Stage.Seen seen = await NextAsync();
            if (seen.Count == count)
            {
                return seen;
            }
        }
    }

    /// <summary>Reads up to the server's close, and returns its code and reason.</summary>
    public async Task<(int Code, string? Reason)> ClosedAsync()
    {
        byte[] buffer = new byte[16 * 1024];
        while ((await ReceiveAsync(buffer)).MessageType != WebSocketMessageType.Close)
        {
        }

        return ((int)_socket.CloseStatus!.Value, _socket.CloseStatusDescription);
    }

    public Task SendAsync(string text) => SendAsync(Encoding.UTF8.GetBytes(text), WebSocketMessageType.Text);

    public Task SendAsync(byte[] bytes, WebSocketMessageType type) => _socket.SendAsync(bytes, type, endOfMessage: true, CancellationToken.None);

    /// <summary>Ends the TCP connection without a close frame.</summary>
    public void Abort() => _socket.Abort();

    public async ValueTask DisposeAsync()
    {
        try
        {
            if (_socket.State == WebSocketState.Open)
            {
                await _socket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, null, CancellationToken.None);
            }
        }
        catch (WebSocketException)
        {
            // The server has ended it, which nobody read.
        }

        _socket.Dispose();
    }

    private static ClientWebSocket Create((string Name, string Value)[] headers)
    {
        var socket = new ClientWebSocket();
        socket.Options.KeepAliveInterval = TimeSpan.Zero;
        socket.Options.CollectHttpResponseDetails = true;
        foreach ((string name, string value) in headers)
        {
            socket.Options.SetRequestHeader(name, value);
        }

        return socket;
    }

    private async Task<ValueWebSocketReceiveResult> ReceiveAsync(Memory<byte> buffer) =>
        await _socket.ReceiveAsync(buffer, CancellationToken.None).AsTask().WaitAsync(Patience);
}
