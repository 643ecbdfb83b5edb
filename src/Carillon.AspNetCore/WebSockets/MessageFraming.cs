using Carillon.Connections;
using Carillon.Deliveries;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;

namespace Carillon.AspNetCore.WebSockets;

/// <summary>How messages stand in WebSocket frames: one in each, or, where the client chose the subprotocol, several, one a line. Immutable, thread-safe; one of each.</summary>
internal sealed class MessageFraming
{
    /// <summary>The subprotocol in which each frame is one message, as without a subprotocol.</summary>
    public const string JsonProtocol = "carillon.json";

    /// <summary>The subprotocol in which each line of a frame is one message.</summary>
    public const string LinesProtocol = "carillon.ndjson";

    private static readonly MessageFraming Single = new(isPacked: false);
    private static readonly MessageFraming Lines = new(isPacked: true);

    private MessageFraming(bool isPacked) => IsPacked = isPacked;

    /// <summary>Whether a frame can hold several messages.</summary>
    public bool IsPacked { get; }

    /// <summary>The first subprotocol of the client's that is known here, written into the response; without one, one message a frame.</summary>
    public static MessageFraming Choose(HttpContext context)
    {
        foreach (string offered in context.Request.Headers.GetCommaSeparatedValues(HeaderNames.SecWebSocketProtocol))
        {
            if (offered is JsonProtocol or LinesProtocol)
            {
                context.Response.Headers.SecWebSocketProtocol = offered;
                return offered == LinesProtocol ? Lines : Single;
            }
        }

        return Single;
    }

    /// <summary>Puts a delivery into <paramref name="outbox"/>; its frames are shared by all outboxes.</summary>
    public bool TryDeliver(Delivery delivery, Outbox outbox)
    {
        if (delivery.Messages.IsEmpty)
        {
            return true;
        }

        return IsPacked && delivery.Messages.Length > 1
            ? outbox.TryEnqueue(delivery.FrameFor(PackedWireFormat.Instance))
            : outbox.TryEnqueue(delivery.FramesFor(WebSocketWireFormat.Instance));
    }
}
