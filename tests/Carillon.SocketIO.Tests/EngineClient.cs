using System.Net;
using System.Net.WebSockets;
using System.Text;
using System.Text.Json;

namespace Carillon.SocketIO.Tests;

/// <summary>Speaks Engine.IO packet by packet, rightly or wrongly.</summary>
internal sealed class EngineClient(Uri address, string path = "/socket.io/", Version? version = null) : IDisposable
{
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(30);

    private readonly HttpClient _http = new()
    {
        BaseAddress = address,
        Timeout = Longest,
        DefaultRequestVersion = version ?? HttpVersion.Version11,
        DefaultVersionPolicy = HttpVersionPolicy.RequestVersionExact,
    };

    public string SessionId { get; private set; } = string.Empty;

    public HttpClient Http => _http;

    public string PollingPath => $"{path}?EIO=4&transport=polling&sid={SessionId}";

    public async Task<JsonElement> OpenPollingAsync()
    {
        string body = await _http.GetStringAsync(path + "?EIO=4&transport=polling");
        JsonElement open = JsonDocument.Parse(body.AsMemory(1)).RootElement;
        SessionId = open.GetProperty("sid").GetString()!;
        return open;
    }

    public async Task<(HttpStatusCode Status, string Body)> PollAsync()
    {
        using HttpResponseMessage response = await _http.GetAsync(PollingPath);
        return (response.StatusCode, await response.Content.ReadAsStringAsync());
    }

    /// <summary>The packets of one poll.</summary>
    public async Task<string[]> PollPacketsAsync()
    {
        (HttpStatusCode status, string body) = await PollAsync();
        return status == HttpStatusCode.OK ? body.Split('\x1e') : throw new InvalidOperationException($"{status}: {body}");
    }

    public async Task<(HttpStatusCode Status, string Body)> PostAsync(params string[] packets)
    {
        using var content = new StringContent(string.Join('\x1e', packets), Encoding.UTF8);
        using HttpResponseMessage response = await _http.PostAsync(PollingPath, content);
        return (response.StatusCode, await response.Content.ReadAsStringAsync());
    }

    /// <summary>Posts for a session that need not be this client's.</summary>
    public async Task<(HttpStatusCode Status, string Body)> PostToAsync(string sessionId, string body)
    {
        using var content = new StringContent(body, Encoding.UTF8);
        using HttpResponseMessage response = await _http.PostAsync($"{path}?EIO=4&transport=polling&sid={Uri.EscapeDataString(sessionId)}", content);
        return (response.StatusCode, await response.Content.ReadAsStringAsync());
    }

    /// <summary>Posts again and again until the session takes no more.</summary>
    public async Task PostUntilRefusedAsync(string packet)
    {
        while ((await PostAsync(packet)).Status == HttpStatusCode.OK)
        {
            await Task.Yield();
        }
    }

    /// <summary>Opens a WebSocket: a new session, or one for this client's session.</summary>
    public async Task<EngineWebSocket> OpenWebSocketAsync(string? origin = null)
    {
        var socket = new ClientWebSocket();
        if (origin is not null)
        {
            socket.Options.SetRequestHeader("Origin", origin);
        }

        if (version is not null)
        {
            socket.Options.HttpVersion = version;
            socket.Options.HttpVersionPolicy = HttpVersionPolicy.RequestVersionExact;
        }

        string query = SessionId.Length == 0 ? string.Empty : "&sid=" + SessionId;
        var target = new Uri($"ws://{address.Authority}{path}?EIO=4&transport=websocket{query}");
        await socket.ConnectAsync(target, version is null ? null : _http, default).WaitAsync(Longest);
        return new EngineWebSocket(socket);
    }

    /// <summary>A new WebSocket session that has joined <c>/</c>; what the connection handler sent is next.</summary>
    public async Task<EngineWebSocket> JoinAsync()
    {
        EngineWebSocket socket = await OpenWebSocketAsync();
        await socket.ReadAsync();
        await socket.SendAsync("40");
        await socket.ReadAsync();
        return socket;
    }

    public void Dispose() => _http.Dispose();
}
