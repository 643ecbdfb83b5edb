using System.Text.Json;
using Carillon.Access;
using Carillon.AspNetCore.Authentication;
using Carillon.AspNetCore.Commands;
using Carillon.Engines;
using Carillon.Errors;
using Carillon.Hubs;
using Carillon.Messages;
using Carillon.Topics;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Carillon.AspNetCore.Http;

/// <summary><c>GET /topics</c>, <c>/topics/{topic}</c> and <c>/topics/{topic}/messages</c>. Who may subscribe to a topic may see it.</summary>
internal sealed class TopicEndpoints(Hub hub)
{
    public static void Map(IEndpointRouteBuilder endpoints, Hub hub)
    {
        var topics = new TopicEndpoints(hub);
        MapRead("/topics", topics.ListAsync);
        MapRead("/topics/{topic}", topics.DescribeAsync);
        MapRead("/topics/{topic}/messages", topics.MessagesAsync);

        void MapRead(string route, RequestDelegate endpoint) => endpoints.MapMethods(route, [HttpMethods.Get, HttpMethods.Head], endpoint);
    }

    private async Task ListAsync(HttpContext context)
    {
        var parameters = new QueryParameters(context.Request.Query, "after", "limit", RequestToken.QueryParameter);
        string after = parameters.Identifier("after") ?? string.Empty;
        int limit = parameters.Limit();
        if ((parameters.Error ?? context.GetTokenRefusal()) is { } error)
        {
            await HttpAnswer.SendAsync(context, error);
            return;
        }

        Requester requester = context.GetRequester();
        List<Topic> page = [];
        foreach (TopicName name in hub.TopicNames.Where(name => string.CompareOrdinal(name.Value, after) > 0).OrderBy(static name => name.Value, StringComparer.Ordinal))
        {
            if (page.Count == limit)
            {
                context.Response.Headers.Link = $"<{ListingEndpoints.AddressOf(context.Request, "after", page[^1].Name.Value)}>; rel=\"next\"";
                break;
            }

            if (await hub.CheckReaderAsync(name, requester, context.RequestAborted) is null && hub.FindTopic(name) is { } topic)
            {
                page.Add(topic);
            }
        }

        JsonBuffer answer = JsonBuffer.Start(out Utf8JsonWriter json);
        json.WriteStartArray();
        foreach (Topic topic in page)
        {
            json.WriteStartObject();
            json.WriteString("topic"u8, topic.Name.Value);
            json.WriteNumber("subscriptions"u8, hub.CountSubscriptions(topic.Name));
            json.WriteEndObject();
        }

        json.WriteEndArray();
        await HttpAnswer.SendAsync(context, StatusCodes.Status200OK, answer);
    }

    private async Task DescribeAsync(HttpContext context)
    {
        var parameters = new QueryParameters(context.Request.Query, RequestToken.QueryParameter);
        if (await FindAsync(context, parameters) is not { } topic)
        {
            return;
        }

        TopicHistory? history = await hub.DescribeAsync(topic.Name, context.RequestAborted);
        JsonBuffer answer = JsonBuffer.Start(out Utf8JsonWriter json);
        TopicRow.Write(json, topic, history, hub.CountSubscriptions(topic.Name));
        await HttpAnswer.SendAsync(context, StatusCodes.Status200OK, answer);
    }

    private async Task MessagesAsync(HttpContext context)
    {
        var parameters = new QueryParameters(context.Request.Query, "after", "limit", RequestToken.QueryParameter);
        var query = new MessageQuery { AfterOffset = parameters.Number("after", least: 0) ?? 0, Ascending = true, Limit = parameters.Limit() };
        if (await FindAsync(context, parameters) is not { } topic)
        {
            return;
        }

        Page<Message> page = await hub.QueryAsync(topic.Name, query, context.RequestAborted);
        string? next = page is { Next: not null, Items: [.., { Offset: var last }] } ? ListingEndpoints.AddressOf(context.Request, "after", $"{last}") : null;
        await ListingEndpoints.SendAsync(context, page.Items, next, Rows.Delivered);
    }

    // Null if the request was refused and answered.
    private async ValueTask<Topic?> FindAsync(HttpContext context, QueryParameters parameters)
    {
        Error? error = parameters.Error ?? context.GetTokenRefusal();
        if (error is null && TopicRoute.TryRead(context, out TopicName name, out error))
        {
            error = await hub.CheckReaderAsync(name, context.GetRequester(), context.RequestAborted);
            if (error is null && hub.FindTopic(name) is { } topic)
            {
                return topic;
            }
        }

        await HttpAnswer.SendAsync(context, error ?? new Error(ErrorCode.TopicNotFound, "The topic does not exist", "topic"));
        return null;
    }
}
