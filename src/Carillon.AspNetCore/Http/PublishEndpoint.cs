using Carillon.AspNetCore.Authentication;
using Carillon.AspNetCore.Commands;
using Carillon.Errors;
using Carillon.Hubs;
using Carillon.Publishing;
using Microsoft.AspNetCore.Http;

namespace Carillon.AspNetCore.Http;

/// <summary><c>POST /publish</c>.</summary>
internal sealed class PublishEndpoint
{
    private readonly Hub _hub;
    private readonly int _maxBodyBytes;
    private readonly RequestBody.Parser<PublishRequest> _parse;

    public PublishEndpoint(Hub hub)
    {
        _hub = hub;
        _maxBodyBytes = hub.Options.MaxPayloadBytes + PublishCommand.MaxEnvelopeBytes;
        _parse = utf8 => PublishCommand.TryRead(utf8, hub.Options.MaxPayloadBytes, out PublishRequest? request, out Error? error)
            ? (request, null)
            : (null, error);
    }

    public async Task InvokeAsync(HttpContext context)
    {
        // Who shows a wrong token must not take himself for somebody, nor be taken for nobody.
        if (context.GetTokenRefusal() is { } refusal)
        {
            await HttpAnswer.SendAsync(context, refusal);
            return;
        }

        (PublishRequest? request, Error? error) = await RequestBody.ReadAsync(context, _maxBodyBytes, _parse);
        if (request is null)
        {
            await HttpAnswer.SendAsync(context, error!);
            return;
        }

        // A publisher that goes away does not take back what it sent: the outcome is the engine's.
        PublishResult result = await _hub.PublishAsync(request.By(context.GetRequester()), CancellationToken.None);
        if (!result.Accepted)
        {
            await HttpAnswer.SendAsync(context, result.Error);
            return;
        }

        JsonBuffer answer = JsonBuffer.Start(out var json);
        Answer.Publish(json, request.Topic, result);
        await HttpAnswer.SendAsync(context, StatusCodes.Status200OK, answer);
    }
}
