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
    private const string Cursor = "cursor";

    /// <summary>Most topics that one request asks for the right to see.</summary>
    private const int MaxLookedAt = 1000;

    private readonly HiddenPlace _places = new();

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
        var parameters = new QueryParameters(context.Request.Query, "after", Cursor, "limit", RequestToken.QueryParameter);
        string after = parameters.Identifier("after") ?? string.Empty;
        int limit = parameters.Limit();
        if (parameters.Text(Cursor) is { } cursor)
        {
            if (_places.TryRead(cursor, out string? place))
            {
                after = place;
            }
            else
            {
                parameters.Refuse(Cursor, "must be taken from a Link header of this server since its start");
            }
        }

        if ((parameters.Error ?? context.GetTokenRefusal()) is { } error)
        {
            await HttpAnswer.SendAsync(context, error);
            return;
        }

        Requester requester = context.GetRequester();
        IReadOnlyList<TopicName> names = hub.ListTopics(after, MaxLookedAt + 1);
        List<Topic> page = [];
        for (int i = 0; i < names.Count; i++)
        {
            if (page.Count == limit || i == MaxLookedAt)
            {
                context.Response.Headers.Link = $"<{NextOf(context.Request, names[i - 1], isSeen: page is [.., var last] && last.Name == names[i - 1])}>; rel=\"next\"";
                break;
            }

            if (await hub.CheckReaderAsync(names[i], requester, context.RequestAborted) is null && hub.FindTopic(names[i]) is { } topic)
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

    // What the client may not see it is not told as the place where the next page begins.
    private string NextOf(HttpRequest request, TopicName last, bool isSeen) => isSeen
        ? ListingEndpoints.AddressOf(request, "after", last.Value, Cursor)
        : ListingEndpoints.AddressOf(request, Cursor, _places.Hide(last), "after");

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
