using System.Text.Json;
using Carillon.AspNetCore.Commands;
using Carillon.Consumers;
using Carillon.Engines;
using Carillon.Hubs;
using Microsoft.AspNetCore.Http;

namespace Carillon.AspNetCore.Http;

/// <summary><c>GET /graph/state</c>: producers, topics and consumers, and who publishes and consumes where.</summary>
internal sealed class GraphEndpoint(Hub hub)
{
    /// <summary>Most links and most topics shown: beyond this no graph can be drawn.</summary>
    private const int MaxShown = 10_000;

    public async Task InvokeAsync(HttpContext context)
    {
        IReadOnlyList<ProducerLink> publishes = await hub.Engine.ListProducersAsync(MaxShown, context.RequestAborted);
        IReadOnlyList<ConsumerLink> consumes = await hub.Consumers.ListConsumersAsync(MaxShown, context.RequestAborted);
        IEnumerable<string> topics = hub.TopicNames.Take(MaxShown).Select(topic => topic.Value)
            .Concat(publishes.Select(link => link.Topic.Value))
            .Concat(consumes.Select(link => link.Topic.Value));

        JsonBuffer answer = JsonBuffer.Start(out Utf8JsonWriter json);
        json.WriteStartObject();
        WriteNames(json, "producers", publishes.Select(link => link.Producer));
        WriteNames(json, "consumers", consumes.Select(link => link.Consumer));
        WriteNames(json, "topics", topics);
        json.WriteStartArray("links"u8);
        foreach (ProducerLink link in publishes)
        {
            WriteLink(json, link.Producer, link.Topic.Value, "publish");
        }

        foreach (ConsumerLink link in consumes)
        {
            WriteLink(json, link.Topic.Value, link.Consumer, "consume");
        }

        json.WriteEndArray();
        json.WriteEndObject();
        await HttpAnswer.SendAsync(context, StatusCodes.Status200OK, answer);
    }

    private static void WriteNames(Utf8JsonWriter json, string property, IEnumerable<string> names)
    {
        json.WriteStartArray(property);
        foreach (string name in names.Distinct().Order(StringComparer.Ordinal))
        {
            json.WriteStringValue(name);
        }

        json.WriteEndArray();
    }

    private static void WriteLink(Utf8JsonWriter json, string source, string target, string type)
    {
        json.WriteStartObject();
        json.WriteString("source"u8, source);
        json.WriteString("target"u8, target);
        json.WriteString("type"u8, type);
        json.WriteEndObject();
    }
}
