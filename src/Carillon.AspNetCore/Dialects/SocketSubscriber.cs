using System.Text.Json;
using Carillon.AspNetCore.Commands;
using Carillon.Connections;
using Carillon.Deliveries;
using Carillon.Errors;
using Carillon.SocketIO;
using Carillon.Topics;

namespace Carillon.AspNetCore.Dialects;

/// <summary>A socket as a subscriber of topics, in one style of delivery.</summary>
internal sealed class SocketSubscriber(Socket socket, SocketIOWireFormat format, Func<TopicName, Frame>? confirmation) : ISubscriber
{
    public void OnSubscribed(TopicName topic)
    {
        if (confirmation is not null)
        {
            socket.TrySend(confirmation(topic));
        }
    }

    public ValueTask WaitForRoomAsync(CancellationToken cancellationToken) => socket.WaitForRoomAsync();

    public void OnEnded(TopicName topic, Error reason)
    {
        JsonBuffer buffer = JsonBuffer.Start(out Utf8JsonWriter json);
        Answer.Ended(json, topic, reason);
        socket.TrySend(SocketIOFrame.Event("/", "unsubscribed", buffer.Written));
    }

    // An outbox that is full ends its own connection and tells the reason: a message is never dropped out of the middle.
    public bool TryDeliver(Delivery delivery) => socket.TrySend(delivery.FramesFor(format));
}
