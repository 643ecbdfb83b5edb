using System.Net;
using Carillon.Bench.Linux;

namespace Carillon.Bench.Wire.SocketIo;

/// <summary>The event <c>subscribe</c>, in one of its two styles.</summary>
/// <param name="name">As shown in the table.</param>
/// <param name="subscribe">The event's argument; its <c>#</c> is the topic.</param>
/// <param name="confirmation">How the event begins that confirms it; null for none.</param>
internal sealed class SocketIoTopics(string name, string subscribe, string? confirmation) : ITopicProtocol
{
    private const string Accepted = "[{\"status\":\"ok\"";

    /// <summary>Messages come as the event named like the topic, which holds the payload alone.</summary>
    public static SocketIoTopics RoomStyle { get; } = new("Socket.IO, room style", """{"topic":"#"}""", null);

    /// <summary>Messages come as the event <c>message</c>, which holds what WebSocket JSON and server-sent events hold.</summary>
    public static SocketIoTopics ConsumerStyle { get; } = new("Socket.IO, consumer style", """{"consumer":"bench","topics":["#"]}""", """["message",{""");

    public string Name => name;

    public Func<IPEndPoint, int, MessageDelivered, Link> To(string topic)
    {
        Opening opening = SocketIoLink.ToNamespaceWith($"""["subscribe",{subscribe.Replace("#", topic, StringComparison.Ordinal)}]""", Accepted, confirmation);
        return (server, number, delivered) => new SocketIoSubscriber(server, opening, number, delivered);
    }
}
