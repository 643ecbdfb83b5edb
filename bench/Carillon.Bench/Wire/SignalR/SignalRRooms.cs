using System.Net;

namespace Carillon.Bench.Wire.SignalR;

/// <summary>Hub methods: <c>Join</c> (room) answered, <c>Publish</c> (room, payload) not; the server invokes <c>message</c> (payload) at the room.</summary>
internal sealed class SignalRRooms : IRoomProtocol
{
    public WebSocketLink Connect(IPEndPoint server) => new SignalRLink(server, SignalRLink.ToHub);

    public Opening Join(string room) => SignalRLink.ToHubWith("Join", $"\"{room}\"");

    public WebSocketLink Subscribe(IPEndPoint server, Opening join, int number, MessageDelivered delivered) =>
        new SignalRSubscriber(server, join, number, delivered);

    public MessageTemplate PublishTo(string room, int payloadSize)
    {
        string record = $$"""{"type":1,"target":"Publish","arguments":["{{room}}",{{MessageTemplate.Payload(payloadSize)}}]}""" + "\u001e";
        return new MessageTemplate(WebSocketFrames.Header(WebSocketFrames.FinalText, record.Length), record);
    }
}
