namespace Carillon.Bench.Wire;

/// <summary>A client that publishes to rooms. Nothing answers it, so it is always ready; the pace bounds what is under way.</summary>
internal sealed class RoomPublisher(WebSocketLink link, MessageTemplate template) : IPublisher
{
    public bool IsReady => true;

    public void Publish(int sequence) => link.Send(template.Fill(sequence));
}
