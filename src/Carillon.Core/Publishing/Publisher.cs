using System.Diagnostics;
using Carillon.Access;
using Carillon.Diagnostics;
using Carillon.Engines;
using Carillon.Errors;
using Carillon.Hubs;
using Carillon.Messages;
using Carillon.Specs;
using Carillon.Topics;

namespace Carillon.Publishing;

/// <summary>The second hop of a message: checks a publish against its topic and the hub's rules, and gives it to the engine.</summary>
internal sealed class Publisher(HubOptions options, TopicRegistry topics, EngineChoice engines, TimeProvider time, HubMetrics metrics, HubFaults faults)
{
    /// <summary>Decides whether a publish may go on, in the order in which a publisher wants to know: is there such a topic, may I, is what I say right, do I say too much.</summary>
    public ValueTask<Admission> AdmitAsync(PublishRequest request, CancellationToken cancellationToken)
    {
        if (request.Requester.CanEnd && !request.Requester.IsValidAt(time.GetUtcNow(), faults))
        {
            request = request.For(request.Requester.WithoutUser()); // Whatever his session is waiting for: what a token gave ends with it.
        }

        LiveTopic? topic = topics.FindMeant(request.Topic);
        Error? error = CheckIds(request) ?? (topic is null ? CheckUnknown(request.Topic) : null);
        if (error is not null || topic is null || ReferenceEquals(topic.Composition.Publishers, TopicAccess.Anyone))
        {
            return new ValueTask<Admission>(Decide(request, topic, error));
        }

        return AuthorizeAsync(request, topic, cancellationToken);
    }

    /// <summary>Gives an admitted publish to the engine, before it returns.</summary>
    public async ValueTask<PublishResult> StoreAsync(PublishRequest request, CancellationToken cancellationToken)
    {
        long startedAt = Stopwatch.GetTimestamp();
        PublishResult result = await engines.Of(request.Topic).PublishAsync(request, cancellationToken);
        if (result.Accepted && options.UnknownTopics == UnknownTopics.Create)
        {
            topics.GetOrAdd(request.Topic);
        }

        metrics.Publish(result, startedAt);
        return result;
    }

    private async ValueTask<Admission> AuthorizeAsync(PublishRequest request, LiveTopic topic, CancellationToken cancellationToken)
    {
        var question = new AccessRequest(request.Requester, topic.Name, AccessKind.Publish);
        return Decide(request, topic, await topic.Composition.Publishers.DecideAsync(question, faults, cancellationToken));
    }

    private Admission Decide(PublishRequest request, LiveTopic? topic, Error? error)
    {
        error ??= CheckPayload(request, topic) ?? CheckRate(request, topic);
        ReadOnlyMemory<byte> payload = request.Payload;
        if (error is null && topic?.Composition.Appended is { } appended)
        {
            (payload, error) = Append(appended, request, topic.Name);
        }

        if (error is null)
        {
            return new Admission(request.WithPayload(payload), Error: null);
        }

        metrics.Publish(PublishResult.Refused(error), Stopwatch.GetTimestamp());
        return new Admission(Request: null, error);
    }

    private Error? CheckIds(PublishRequest request) =>
        options.RequireIds && (request.MessageId is null || request.Producer is null)
            ? Error.Missing(request.MessageId is null ? "message_id" : "producer")
            : null;

    private Error? CheckPayload(PublishRequest request, LiveTopic? topic)
    {
        int most = Math.Min(options.MaxPayloadBytes, topic?.Composition.MaxPayloadBytes ?? int.MaxValue);
        return request.Payload.Length > most
            ? new Error(ErrorCode.PayloadTooLarge, $"Field 'message' must be at most {most} bytes of JSON", "message")
            : topic?.Composition.Spec is { } spec ? CheckSpec(spec, request) : null;
    }

    private Error? CheckSpec(IPayloadSpec spec, PublishRequest request)
    {
        try
        {
            return spec.Check(request.Payload.Span);
        }
        catch (Exception fault) when (fault is not OutOfMemoryException)
        {
            faults.Report(HubPart.Spec, request.Topic, fault);
            return new Error(ErrorCode.Internal, $"Topic '{request.Topic}': the server failed to check the message");
        }
    }

    private (ReadOnlyMemory<byte> Payload, Error? Error) Append(AppendedFields appended, PublishRequest request, TopicName topic)
    {
        try
        {
            var context = new PublishContext(topic, UnixTime.Now(time), request.Requester.Identities);
            appended.TryAppend(request.Payload, context, out ReadOnlyMemory<byte> payload, out Error? error);
            return (payload, error);
        }
        catch (Exception fault) when (fault is not OutOfMemoryException)
        {
            faults.Report(HubPart.AppendedFields, topic, fault);
            return (default, new Error(ErrorCode.Internal, $"Topic '{topic}': the server failed to append its fields to the message"));
        }
    }

    private static Error? CheckRate(PublishRequest request, LiveTopic? topic) => !request.Requester.IsApplication && topic?.Rate?.TryTake(PublisherOf(request.Requester)) == false
        ? new Error(ErrorCode.RateLimited, $"Topic '{topic.Name}' takes at most {topic.Composition.Rate!.Messages} messages in {topic.Composition.Rate.Per} from one publisher", "topic")
        : null;

    // Who is called the same by two ways of authentication is two publishers.
    private static string PublisherOf(Requester requester) => requester.User.Identities.FirstOrDefault(static identity => identity is { IsAuthenticated: true, Name: not null }) is { } identity
        ? $"{identity.AuthenticationType}\n{identity.Name}"
        : $"{requester.RemoteAddress}";

    private Error? CheckUnknown(TopicName topic)
    {
        if (topics.Segments.IsPattern(topic))
        {
            return Hub.NotAPattern;
        }

        if (topics.FindFiltered(topic) is { } filtered)
        {
            return Hub.NameOfFilters(filtered.Topic.Name);
        }

        if (options.UnknownTopics != UnknownTopics.Create || topics.IsWithdrawn(topic))
        {
            return Hub.UnknownTopic(topic);
        }

        return topics.IsFull ? Hub.TooManyTopics(topics.MaxTopics) : null;
    }
}
