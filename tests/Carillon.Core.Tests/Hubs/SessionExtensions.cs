using Carillon.Deliveries;
using Carillon.Errors;
using Carillon.Sessions;
using Carillon.Topics;

namespace Carillon.Tests.Hubs;

internal static class SessionExtensions
{
    /// <summary>Subscribes to new messages.</summary>
    public static async ValueTask<Error?> SubscribeAsync(
        this Session session, IReadOnlyList<TopicName> topics, string? consumer, ISubscriber subscriber, CancellationToken cancellationToken)
    {
        var request = new SubscribeRequest { Topics = [.. topics.Select(topic => new WantedTopic(topic))], Consumer = consumer, Subscriber = subscriber };
        return (await session.SubscribeAsync(request, cancellationToken)).Error;
    }
}
