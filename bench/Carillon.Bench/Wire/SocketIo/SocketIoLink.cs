using System.Net;
using System.Text;

namespace Carillon.Bench.Wire.SocketIo;

/// <summary>A Socket.IO connection over WebSocket: one packet in each frame (engine.io-protocol v4). Answers the server's pings.</summary>
internal class SocketIoLink(IPEndPoint server, Opening opening) : WebSocketLink(server, opening)
{
    private static readonly byte[] Pong = WebSocketFrames.Text("3");

    /// <summary>Opens to the namespace <c>/</c>.</summary>
    public static Opening ToNamespace { get; } =
        new("/socket.io/?EIO=4&transport=websocket", [new([], "0{"u8.ToArray()), new(WebSocketFrames.Text("40"), "40{"u8.ToArray())]);

    /// <summary>Opens to the namespace <c>/</c>, then sends one event.</summary>
    /// <param name="eventJson">The event's name and arguments.</param>
    /// <param name="answerJson">How its acknowledgement must begin.</param>
    /// <param name="firstJson">How an event must begin that comes before the acknowledgement; null for none.</param>
    public static Opening ToNamespaceWith(string eventJson, string answerJson, string? firstJson = null)
    {
        byte[] sent = WebSocketFrames.Text($"420{eventJson}");
        byte[] answer = Encoding.UTF8.GetBytes($"430{answerJson}");
        OpeningStep[] steps = firstJson is null ? [new(sent, answer)] : [new(sent, Encoding.UTF8.GetBytes($"42{firstJson}")), new([], answer)];
        return ToNamespace with { Steps = [.. ToNamespace.Steps, .. steps] };
    }

    protected override void OnData(byte first, ReadOnlySpan<byte> payload, long now)
    {
        if (first != WebSocketFrames.FinalText)
        {
            throw new LoadException($"{GetType().Name} received a WebSocket frame that begins with 0x{first:x2}.");
        }
        if (payload.SequenceEqual("2"u8))
        {
            Send(Pong);
            return;
        }
        Take(payload, now);
    }
}
