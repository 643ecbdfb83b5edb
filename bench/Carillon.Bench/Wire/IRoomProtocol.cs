using System.Net;

namespace Carillon.Bench.Wire;

/// <summary>How the clients of one kind of server stay, join a room, receive, and publish to a room. The same load runs over each.</summary>
internal interface IRoomProtocol
{
    /// <summary>A client that is connected and nothing more.</summary>
    WebSocketLink Connect(IPEndPoint server);

    /// <summary>How a client comes into a room; shared by all members.</summary>
    Opening Join(string room);

    /// <summary>A client that joins a room and receives.</summary>
    /// <param name="server">Where to connect.</param>
    /// <param name="join">From <see cref="Join"/>.</param>
    /// <param name="number">What it is called when it receives.</param>
    /// <param name="delivered">Called for each message.</param>
    WebSocketLink Subscribe(IPEndPoint server, Opening join, int number, MessageDelivered delivered);

    /// <summary>The frame by which any client publishes to a room, not answered.</summary>
    /// <param name="room">Its name; a run of <c>#</c> becomes the last digits of the message's sequence number.</param>
    /// <param name="payloadSize">Bytes of the payload, a JSON object.</param>
    MessageTemplate PublishTo(string room, int payloadSize);
}
