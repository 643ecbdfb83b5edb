using System.Text.Json;
using Shouldly;

namespace Carillon.SocketIO.Tests;

/// <summary>A client by WebSocket that has joined a namespace, packet by packet.</summary>
internal sealed class JoinedClient : IDisposable
{
    private readonly EngineWebSocket _socket;

    private JoinedClient(EngineWebSocket socket, string id)
    {
        _socket = socket;
        Id = id;
    }

    /// <summary>The id the server gave the socket.</summary>
    public string Id { get; }

    public EngineWebSocket Connection => _socket;

    public static async Task<JoinedClient> OpenAsync(TestApplication application, string namespaceName = "/", string auth = "")
    {
        using var client = new EngineClient(application.Address);
        EngineWebSocket socket = await client.OpenWebSocketAsync();
        await socket.ReadAsync();
        return new JoinedClient(socket, await JoinAsync(socket, namespaceName, auth));
    }

    /// <summary>Several of them, in order.</summary>
    public static async Task<JoinedClient[]> OpenManyAsync(TestApplication application, int count, string namespaceName = "/")
    {
        var clients = new JoinedClient[count];
        for (int i = 0; i < count; i++)
        {
            clients[i] = await OpenAsync(application, namespaceName);
        }

        return clients;
    }

    /// <summary>Joins one more namespace on a connection and returns the socket's id.</summary>
    public static async Task<string> JoinAsync(EngineWebSocket socket, string namespaceName, string auth = "")
    {
        string prefix = namespaceName == "/" ? string.Empty : namespaceName + ",";
        await socket.SendAsync("40" + prefix + auth);
        string reply = await socket.ReadAsync();
        reply.ShouldStartWith($"40{prefix}{{");
        return JsonDocument.Parse(reply.AsMemory(2 + prefix.Length)).RootElement.GetProperty("sid").GetString()!;
    }

    public Task SendAsync(string packet) => _socket.SendAsync(packet);

    public Task SendBinaryAsync(params byte[] bytes) => _socket.SendBinaryAsync(bytes);

    public Task<string> ReadAsync() => _socket.ReadAsync();

    public Task<byte[]> ReadBinaryAsync() => _socket.ReadBinaryAsync();

    public async Task<string> AskAsync(string packet)
    {
        await _socket.SendAsync(packet);
        return await _socket.ReadAsync();
    }

    /// <summary>Reads an event that asks for an acknowledgement, which it expects to end in <paramref name="data"/>; returns its number.</summary>
    public async Task<string> ReadQuestionAsync(string data)
    {
        string packet = await _socket.ReadAsync();
        packet.ShouldEndWith(data);
        return packet[2..^data.Length];
    }

    /// <summary>Reads up to the close frame and returns its reason.</summary>
    public async Task<string> ReadCloseReasonAsync()
    {
        (int code, string reason) = (await _socket.ReadCloseAsync()).ShouldNotBeNull();
        code.ShouldBe(1008);
        return reason;
    }

    public void Dispose() => _socket.Dispose();
}
