using System.Globalization;
using System.Text.Json;
using Carillon.AspNetCore.Authentication;
using Carillon.AspNetCore.Commands;
using Carillon.Consumers;
using Carillon.Engines;
using Carillon.Hubs;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Extensions;

namespace Carillon.AspNetCore.Http;

/// <summary>
/// <c>GET /messages</c>, <c>/consumptions</c> and <c>/clients</c>: bare JSON arrays, newest first, a page at a time.
/// The address of the next page stands in the <c>Link</c> header (RFC 8288).
/// </summary>
internal sealed class ListingEndpoints(Hub hub)
{
    private const int FlushBytes = 64 * 1024;

    public async Task MessagesAsync(HttpContext context)
    {
        var parameters = new QueryParameters(
            context.Request.Query, "topic", "producer", "message_id", "from", "to", "after", "order", "limit", "cursor");
        var query = new MessageQuery
        {
            Topic = parameters.Topic("topic"),
            Producer = parameters.Identifier("producer"),
            MessageId = parameters.Identifier("message_id"),
            From = parameters.Time("from"),
            To = parameters.Time("to"),
            AfterOffset = parameters.Number("after", least: 0),
            Ascending = parameters.Ascending(),
            Limit = parameters.Limit(),
            Cursor = parameters.Number("cursor", least: 0),
        };
        if (query is { AfterOffset: not null, Topic: null })
        {
            parameters.Refuse("after", "needs the parameter 'topic': offsets count within a topic");
        }

        if (parameters.Error is { } error)
        {
            await HttpAnswer.SendAsync(context, error);
            return;
        }

        await SendAsync(context, await hub.Engine.QueryAsync(query, context.RequestAborted), Rows.Message);
    }

    public async Task ConsumptionsAsync(HttpContext context)
    {
        if (await ReadAsync(context) is { } query)
        {
            await SendAsync(context, await hub.Consumers.QueryConsumptionsAsync(query, context.RequestAborted), Rows.Consumption);
        }
    }

    public async Task ClientsAsync(HttpContext context)
    {
        if (await ReadAsync(context) is { } query)
        {
            await SendAsync(context, await hub.Consumers.QuerySubscriptionsAsync(query, context.RequestAborted), Rows.Subscription);
        }
    }

    private static async Task<ConsumerQuery?> ReadAsync(HttpContext context)
    {
        var parameters = new QueryParameters(context.Request.Query, "topic", "consumer", "from", "to", "limit", "cursor");
        var query = new ConsumerQuery
        {
            Topic = parameters.Topic("topic"),
            Consumer = parameters.Identifier("consumer"),
            From = parameters.Time("from"),
            To = parameters.Time("to"),
            Limit = parameters.Limit(),
            Cursor = parameters.Number("cursor", least: 0),
        };
        if (parameters.Error is { } error)
        {
            await HttpAnswer.SendAsync(context, error);
            return null;
        }

        return query;
    }

    private static Task SendAsync<T>(HttpContext context, Page<T> page, Action<Utf8JsonWriter, T> writeRow) =>
        SendAsync(context, page.Items, page.Next is { } next ? AddressOf(context.Request, "cursor", next.ToString(CultureInfo.InvariantCulture)) : null, writeRow);

    /// <summary>Sends a page of rows; <paramref name="next"/> is the address of the next page, null for the last.</summary>
    public static async Task SendAsync<T>(HttpContext context, IReadOnlyList<T> rows, string? next, Action<Utf8JsonWriter, T> writeRow)
    {
        context.Response.ContentType = "application/json; charset=utf-8";
        if (next is not null)
        {
            context.Response.Headers.Link = $"<{next}>; rel=\"next\"";
        }

        // Rows go out as they are written, so that a page of large messages is not held a second time.
        await using var json = new Utf8JsonWriter(context.Response.BodyWriter, JsonBuffer.WriterOptions);
        json.WriteStartArray();
        foreach (T row in rows)
        {
            writeRow(json, row);
            if (json.BytesPending > FlushBytes)
            {
                await json.FlushAsync(context.RequestAborted);
                await context.Response.BodyWriter.FlushAsync(context.RequestAborted);
            }
        }

        json.WriteEndArray();
    }

    /// <summary>The request's own address with another value of one parameter, and without a second one. It names no token: who follows it brings his own.</summary>
    public static string AddressOf(HttpRequest request, string parameter, string value, string? without = null)
    {
        var query = new QueryBuilder(request.Query.Where(given => given.Key != parameter && given.Key != without && given.Key != RequestToken.QueryParameter))
        {
            { parameter, value },
        };
        return request.PathBase.Add(request.Path).ToUriComponent() + query.ToQueryString();
    }
}
