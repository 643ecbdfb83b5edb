using System.Text.Json;

namespace Carillon.SocketIO.Tests.Recovery;

/// <summary>What the tests of recovery do again and again, with offsets that begin at 1.</summary>
internal static class RecoveringClient
{
    public static Task<TestApplication> StartAsync(SocketIOOptions options) => TestApplication.StartAsync(static _ => { }, options, new FirstDay());

    public static async Task<(EngineWebSocket Socket, string Sid, string Pid)> ConnectAsync(TestApplication application, string? pid = null, string? offset = null, string name = "/")
    {
        using var client = new EngineClient(application.Address);
        EngineWebSocket socket = await client.OpenWebSocketAsync();
        await socket.ReadAsync();
        (string sid, string newPid) = await JoinAsync(socket, pid, offset, name);
        return (socket, sid, newPid);
    }

    public static async Task<(string Sid, string Pid)> JoinAsync(EngineWebSocket socket, string? pid = null, string? offset = null, string name = "/")
    {
        string auth = pid is null ? string.Empty : offset is null ? $$"""{"pid":"{{pid}}"}""" : $$"""{"pid":"{{pid}}","offset":"{{offset}}"}""";
        await socket.SendAsync("40" + (name == "/" ? string.Empty : name + ",") + auth);
        string packet = await socket.ReadAsync();
        JsonElement answer = JsonDocument.Parse(packet.AsMemory(packet.IndexOf('{', StringComparison.Ordinal))).RootElement;
        return (answer.GetProperty("sid").GetString()!, answer.GetProperty("pid").GetString()!);
    }

    /// <summary>Loses the connection of a client, the only one, and waits until the server knows it.</summary>
    public static async Task CutAsync(SocketIOServer io, EngineWebSocket socket)
    {
        int before = io.ConnectionCount;
        socket.Socket.Abort();
        await Eventually.BeTrueAsync(() => io.ConnectionCount < before && io.Of("/").SocketCount <= io.ConnectionCount);
    }

    /// <summary>The first day of the clock that offsets are taken from; it stands still, timestamps do not.</summary>
    private sealed class FirstDay : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => DateTimeOffset.UnixEpoch;
    }
}
