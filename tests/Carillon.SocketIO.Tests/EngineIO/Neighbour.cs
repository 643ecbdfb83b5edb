using Shouldly;

namespace Carillon.SocketIO.Tests.EngineIO;

/// <summary>A well-behaved client of an echo server, to see that it notices nothing of what others do.</summary>
internal sealed class Neighbour(EngineWebSocket socket) : IDisposable
{
    private int _number;

    public static async Task<Neighbour> JoinAsync(EngineApplication application) => new(await application.OpenWebSocketAsync());

    /// <summary>Sends a message, which must come back, before anything else.</summary>
    public async Task ShouldBeServedAsync()
    {
        string packet = $"4neighbour {_number++}";
        await socket.SendAsync(packet);
        (await socket.ReadAsync().WaitAsync(TimeSpan.FromSeconds(30))).ShouldBe(packet);
    }

    public void Dispose() => socket.Dispose();
}
