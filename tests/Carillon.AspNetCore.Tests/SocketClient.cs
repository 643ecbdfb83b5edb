using System.Net.WebSockets;
using System.Text.Json;
using Shouldly;

namespace Carillon.AspNetCore.Tests;

/// <summary>Speaks Socket.IO packet by packet over one WebSocket, so that a test sees exactly what goes over the wire.</summary>
internal sealed class SocketClient : TextSocket
{
    private readonly string _prefix;
    private readonly List<string> _unclaimed = [];
    private int _lastId = -1;

    private SocketClient(ClientWebSocket socket, string namespaceName)
        : base(socket) => _prefix = namespaceName == "/" ? string.Empty : namespaceName + ",";

    /// <summary>What the server answered to the CONNECT packet.</summary>
    public string Joined { get; private set; } = string.Empty;

    public static Task<SocketClient> ConnectAsync(HubApplication app, string namespaceName = "/") => ConnectAsync(app.Http.BaseAddress!, namespaceName);

    /// <summary>Connects to the hub on <paramref name="route"/>, with headers of the handshake and the payload of the CONNECT packet.</summary>
    public static async Task<SocketClient> ConnectAsync(
        Uri server, string namespaceName = "/", string route = "", string auth = "", params (string Name, string Value)[] headers)
    {
        var address = new UriBuilder(server) { Scheme = "ws", Path = $"{route}/socket.io/", Query = "EIO=4&transport=websocket" };
        var client = new SocketClient(await OpenAsync(address.Uri, headers), namespaceName);
        (await client.NextTextAsync()).ShouldStartWith("0{");
        await client.SendAsync("40" + (auth.Length > 0 ? client._prefix + auth : client._prefix.TrimEnd(',')));
        client.Joined = await client.NextTextAsync();
        return client;
    }

    /// <summary>Emits an event and waits for its acknowledgement; what arrives before it is kept.</summary>
    public async Task<JsonElement> EmitAsync(string name, string argument)
    {
        int id = ++_lastId;
        await SendAsync($"42{_prefix}{id}[\"{name}\",{argument}]");
        string head = $"43{_prefix}{id}[";
        string packet = await ReadUntilAsync(text => text.StartsWith(head, StringComparison.Ordinal));
        return JsonElement.Parse(packet[(head.Length - 1)..])[0];
    }

    /// <summary>The next event, as the text after the packet type.</summary>
    public async Task<string> NextEventAsync()
    {
        string packet = await ReadUntilAsync(text => text.StartsWith("42", StringComparison.Ordinal));
        return packet[2..];
    }

    /// <summary>Waits until the server has disconnected the socket from its namespace.</summary>
    public Task DisconnectedAsync() => ReadUntilAsync(text => text == $"41{_prefix}");

    /// <summary>The next packet that is no ping, whatever it is.</summary>
    public Task<string> NextPacketAsync() => ReadUntilAsync(static text => text != "2");

    private async Task<string> ReadUntilAsync(Predicate<string> wanted)
    {
        int kept = _unclaimed.FindIndex(wanted);
        if (kept >= 0)
        {
            string packet = _unclaimed[kept];
            _unclaimed.RemoveAt(kept);
            return packet;
        }

        while (true)
        {
            string packet = await NextTextAsync();
            if (wanted(packet))
            {
                return packet;
            }

            _unclaimed.Add(packet);
        }
    }
}
