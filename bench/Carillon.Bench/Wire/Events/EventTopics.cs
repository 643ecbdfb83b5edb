using System.Net;
using Carillon.Bench.Linux;

namespace Carillon.Bench.Wire.Events;

/// <summary>Server-sent events: <c>GET /events?topic=…</c>.</summary>
internal sealed class EventTopics : ITopicProtocol
{
    public static EventTopics Instance { get; } = new();

    public string Name => "server-sent events";

    public Func<IPEndPoint, int, MessageDelivered, Link> To(string topic) => (server, number, delivered) => new EventSubscriber(server, topic, number, delivered);
}
