using System.Text.Json;
using Carillon.AspNetCore.Authentication;
using Carillon.AspNetCore.Commands;
using Carillon.Errors;
using Carillon.Hubs;
using Carillon.Publishing;
using Carillon.Topics;
using Microsoft.AspNetCore.Http;

namespace Carillon.AspNetCore.Http;

/// <summary><c>POST /publish</c>: one message, or a batch of them as a JSON array or as lines of JSON (<c>application/x-ndjson</c>).</summary>
internal sealed class PublishEndpoint(Hub hub)
{
    private readonly int _maxBodyBytes = hub.Options.MaxPayloadBytes + PublishCommand.MaxEnvelopeBytes;
    private readonly BatchPublisher _batches = new(hub);

    public async Task InvokeAsync(HttpContext context)
    {
        bool lines = RequestBody.IsLines(context.Request.ContentType);
        if (context.GetTokenRefusal() is { } refusal)
        {
            await HttpAnswer.SendAsync(context, refusal);
        }
        else if (lines || await RequestBody.BeginsWithAsync(context, (byte)'['))
        {
            await PublishBatchAsync(context, lines);
        }
        else
        {
            await PublishOneAsync(context);
        }
    }

    private async Task PublishOneAsync(HttpContext context)
    {
        (PublishRequest? request, Error? error) = await RequestBody.ReadAsync<PublishRequest>(
            context,
            _maxBodyBytes,
            utf8 => PublishCommand.TryRead(utf8, hub.Options.MaxPayloadBytes, out PublishRequest? read, out Error? malformed) ? (read, null) : (null, malformed));
        if (request is null)
        {
            await HttpAnswer.SendAsync(context, error!);
            return;
        }

        // A publisher that goes away does not take back what it sent: the outcome is the engine's.
        PublishResult result = await hub.PublishAsync(request.For(context.GetRequester()), CancellationToken.None);
        if (!result.Accepted)
        {
            await HttpAnswer.SendAsync(context, result.Error);
            return;
        }

        JsonBuffer answer = JsonBuffer.Start(out Utf8JsonWriter json);
        Answer.Publish(json, request.Topic, result);
        await HttpAnswer.SendAsync(context, StatusCodes.Status200OK, answer);
    }

    private async Task PublishBatchAsync(HttpContext context, bool lines)
    {
        (IReadOnlyList<BatchItem>? items, Error? error) = await RequestBody.ReadAsync<IReadOnlyList<BatchItem>>(context, BatchPublisher.MaxBytes, utf8 => _batches.Read(utf8, lines));
        if (items is null)
        {
            await HttpAnswer.SendAsync(context, error!);
            return;
        }

        IReadOnlyList<(TopicName Topic, PublishResult Result)> results = await _batches.PublishAsync(items, context.GetRequester());
        JsonBuffer answer = JsonBuffer.Start(out Utf8JsonWriter json);
        json.WriteStartArray();
        foreach ((TopicName topic, PublishResult result) in results)
        {
            Answer.Publish(json, topic, result);
        }

        json.WriteEndArray();
        await HttpAnswer.SendAsync(context, StatusCodes.Status200OK, answer);
    }
}
