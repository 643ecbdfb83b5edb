using System.Net.WebSockets;
using System.Text.Json;

namespace Carillon.AspNetCore.Tests.WebSockets;

/// <summary>A client of WebSocket JSON.</summary>
internal sealed class TopicSocketClient : TextSocket
{
    private TopicSocketClient(ClientWebSocket socket)
        : base(socket)
    {
    }

    /// <summary>Connects; with <paramref name="http2"/> by that, without TLS.</summary>
    public static async Task<TopicSocketClient> ConnectAsync(
        Uri address, (string Name, string Value)[]? headers = null, HttpMessageInvoker? http2 = null, params string[] subprotocols) =>
        new(await OpenAsync(address, headers, http2, subprotocols));

    /// <summary>Sends a command and returns the next message.</summary>
    public async Task<JsonElement> AskAsync(string text)
    {
        await SendAsync(text);
        return await NextAsync();
    }

    public async Task<JsonElement> NextAsync() => JsonElement.Parse(await NextTextAsync());
}
