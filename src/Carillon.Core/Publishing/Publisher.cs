using System.Diagnostics;
using Carillon.Diagnostics;
using Carillon.Engines;
using Carillon.Errors;
using Carillon.Hubs;
using Carillon.Topics;
using Carillon.Topics.Patterns;

namespace Carillon.Publishing;

/// <summary>The second hop of a message: checks a publish against the hub's rules and gives it to the engine.</summary>
internal sealed class Publisher(HubOptions options, TopicRegistry topics, ITopicEngine engine, HubMetrics metrics)
{
    public async ValueTask<PublishResult> PublishAsync(PublishRequest request, CancellationToken cancellationToken)
    {
        long startedAt = Stopwatch.GetTimestamp();
        PublishResult result = Check(request) is { } error
            ? PublishResult.Refused(error)
            : await StoreAsync(request, cancellationToken);
        metrics.Publish(result, startedAt);
        return result;
    }

    private async ValueTask<PublishResult> StoreAsync(PublishRequest request, CancellationToken cancellationToken)
    {
        PublishResult result = await engine.PublishAsync(request, cancellationToken);
        if (result.Accepted)
        {
            topics.GetOrAdd(request.Topic);
        }

        return result;
    }

    private Error? Check(PublishRequest request)
    {
        if (request.Payload.Length > options.MaxPayloadBytes)
        {
            return new Error(ErrorCode.PayloadTooLarge, $"Field 'message' must be at most {options.MaxPayloadBytes} bytes of JSON", "message");
        }

        if (options.RequireIds && (request.MessageId is null || request.Producer is null))
        {
            return Error.Missing(request.MessageId is null ? "message_id" : "producer");
        }

        return topics.Find(request.Topic) is null ? CheckUnknown(request.Topic) : null;
    }

    private Error? CheckUnknown(TopicName topic)
    {
        if (TopicPattern.IsPattern(topic))
        {
            return Hub.NotAPattern;
        }

        if (options.UnknownTopics == UnknownTopics.Reject)
        {
            return Hub.UnknownTopic(topic);
        }

        return topics.IsFull ? Hub.TooManyTopics(topics.MaxTopics) : null;
    }
}
