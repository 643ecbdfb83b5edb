using System.Net;
using Carillon.Bench.Linux;

namespace Carillon.Bench.Wire.WebSocketJson;

/// <summary>The command <c>SUBSCRIBE</c> of WebSocket JSON.</summary>
/// <param name="name">As shown in the table.</param>
/// <param name="subprotocol">What is offered; null for none.</param>
internal sealed class WebSocketTopics(string name, string? subprotocol) : ITopicProtocol
{
    private const string Path = "/ws";

    /// <summary>One message in each frame.</summary>
    public static WebSocketTopics Single { get; } = new("WebSocket JSON", null);

    /// <summary>Several messages in a frame, one a line.</summary>
    public static WebSocketTopics Packed { get; } = new("WebSocket JSON, packed", "carillon.ndjson");

    public string Name => name;

    public Func<IPEndPoint, int, MessageDelivered, Link> To(string topic)
    {
        byte[] expected = System.Text.Encoding.UTF8.GetBytes($$"""{"success":["{{topic}}"]""");
        Opening opening = new(Path, [new(WebSocketFrames.Text($$"""{"type":"SUBSCRIBE","topics":["{{topic}}"]}"""), expected)]) { Subprotocol = subprotocol };
        return (server, number, delivered) => new WebSocketSubscriber(server, opening, number, delivered);
    }
}
