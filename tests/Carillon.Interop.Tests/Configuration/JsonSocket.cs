using System.Net.WebSockets;
using System.Text;
using System.Text.Json;
using Carillon.Interop.Tests.Http;
using Carillon.Interop.Tests.Waiting;

namespace Carillon.Interop.Tests.Configuration;

/// <summary>A client of WebSocket JSON.</summary>
internal sealed class JsonSocket : IDisposable
{
    private readonly ClientWebSocket _socket = new();
    private readonly byte[] _buffer = new byte[64 * 1024];

    public WebSocketCloseStatus? CloseStatus => _socket.CloseStatus;

    /// <summary>Connects to a hub's path, with an API key or without.</summary>
    public static Task<JsonSocket> ConnectAsync(Shop shop, string path, string? key = null) =>
        key is null ? ConnectAsync(shop, path, []) : ConnectAsync(shop, path, ("Authorization", $"ApiKey {key}"));

    /// <summary>Connects to a hub's path with headers.</summary>
    public static async Task<JsonSocket> ConnectAsync(Shop shop, string path, params (string Name, string Value)[] headers)
    {
        var client = new JsonSocket();
        foreach ((string name, string value) in headers)
        {
            client._socket.Options.SetRequestHeader(name, value);
        }

        using var deadline = new CancellationTokenSource(Deadlines.Usual);
        await client._socket.ConnectAsync(new UriBuilder(shop.Process.Address) { Scheme = "ws", Path = path }.Uri, deadline.Token);
        return client;
    }

    public async Task SendAsync(string json)
    {
        using var deadline = new CancellationTokenSource(Deadlines.Usual);
        await _socket.SendAsync(Encoding.UTF8.GetBytes(json), WebSocketMessageType.Text, endOfMessage: true, deadline.Token);
    }

    /// <summary>Sends a command and returns what comes next.</summary>
    public async Task<JsonElement> AskAsync(string json)
    {
        await SendAsync(json);
        return (await ReceiveAsync())!.Value;
    }

    /// <summary>The next message; null when the server has closed.</summary>
    public async Task<JsonElement?> ReceiveAsync()
    {
        using var deadline = new CancellationTokenSource(Deadlines.Usual);
        WebSocketReceiveResult received = await _socket.ReceiveAsync(_buffer, deadline.Token);
        return received.MessageType == WebSocketMessageType.Close ? null : WireJson.Parse(Encoding.UTF8.GetString(_buffer, 0, received.Count));
    }

    public void Dispose() => _socket.Dispose();
}
