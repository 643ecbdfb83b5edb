using Carillon.Access;
using Carillon.AspNetCore.Authentication;
using Carillon.AspNetCore.Commands;
using Carillon.Errors;
using Carillon.Hubs;
using Carillon.Json;
using Carillon.Publishing;
using Carillon.Topics;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Carillon.AspNetCore.Http;

/// <summary><c>POST /publish/{topic}</c>: the body is the message, an object; credentials and nonce are in headers.</summary>
internal sealed class RoutePublishEndpoint(Hub hub)
{
    private const int MaxNonceLength = 255;

    public async Task InvokeAsync(HttpContext context)
    {
        string? nonce = context.Request.Headers["nonce"] is [{ Length: <= MaxNonceLength } single] ? single : null;
        string name = string.Empty;
        Error? error = context.Request.Headers["nonce"].Count > 0 && nonce is null ? Error.Invalid("nonce", $"must be given once, with at most {MaxNonceLength} characters") : null;
        if (error is null && TopicRoute.TryRead(context, out TopicName topic, out error))
        {
            name = topic.Value;
            error = await PublishAsync(context, topic);
        }

        await RouteAnswer.SendAsync(context, name, error, nonce);
    }

    private async ValueTask<Error?> PublishAsync(HttpContext context, TopicName topic)
    {
        (Requester requester, Error? error) = await FindRequesterAsync(context);
        if (error is not null)
        {
            return error;
        }

        var parameters = new QueryParameters(context.Request.Query, "message_id", "producer", RequestToken.QueryParameter);
        string? messageId = parameters.Identifier("message_id");
        string? producer = parameters.Identifier("producer");
        if (parameters.Error is not null)
        {
            return parameters.Error;
        }

        (byte[]? payload, error) = await RequestBody.ReadAsync<byte[]>(context, hub.Options.MaxPayloadBytes + PublishCommand.MaxEnvelopeBytes, static utf8 =>
            JsonShape.Payload.TryRead(utf8, [], out Error? malformed) ? (JsonText.Compact(utf8), null) : (null, malformed));
        if (payload is null)
        {
            return error;
        }

        // A publisher that goes away does not take back what it sent: the outcome is the engine's.
        PublishResult result = await hub.PublishAsync(
            new PublishRequest { Topic = topic, MessageId = messageId, Producer = producer, Requester = requester, Payload = payload }, CancellationToken.None);
        return result.Error;
    }

    // The contract's headers name whom the request speaks for; without them it is who the application says he is.
    private static async ValueTask<(Requester Requester, Error? Error)> FindRequesterAsync(HttpContext context)
    {
        Requester requester = context.GetRequester();
        IHeaderDictionary headers = context.Request.Headers;
        if (headers["type"].Count == 0 && headers["token"].Count == 0)
        {
            return (requester, context.GetTokenRefusal());
        }

        if (headers["type"].Count > 1 || headers["token"].Count > 1)
        {
            return (requester, new Error(ErrorCode.Unauthorized, "The headers 'type' and 'token' must be given once"));
        }

        TokenVerifiers verifiers = context.RequestServices.GetService<TokenVerifiers>() ?? new TokenVerifiers([]);
        TokenResult result = await verifiers.VerifyAsync(headers["type"], headers["token"], context.RequestAborted, place: string.Empty);
        return result.Accepted ? (requester.With(result.Token), null) : (requester, result.Error);
    }
}
