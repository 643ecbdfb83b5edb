using System.Net;

namespace Carillon.Bench.Wire.SocketIo;

/// <summary>Events: <c>join</c> (room) acknowledged, <c>publish</c> (room, payload) not, <c>message</c> (payload) to the room.</summary>
internal sealed class SocketIoRooms : IRoomProtocol
{
    public WebSocketLink Connect(IPEndPoint server) => new SocketIoLink(server, SocketIoLink.ToNamespace);

    public Opening Join(string room) => SocketIoLink.ToNamespaceWith($"[\"join\",\"{room}\"]", "[true]");

    public WebSocketLink Subscribe(IPEndPoint server, Opening join, int number, MessageDelivered delivered) =>
        new SocketIoSubscriber(server, join, number, delivered);

    public MessageTemplate PublishTo(string room, int payloadSize)
    {
        string packet = $"42[\"publish\",\"{room}\",{MessageTemplate.Payload(payloadSize)}]";
        return new MessageTemplate(WebSocketFrames.Header(WebSocketFrames.FinalText, packet.Length), packet);
    }
}
