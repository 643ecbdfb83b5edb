using System.Text.Json;
using System.Text.Json.Nodes;

namespace Carillon.Interop.Tests.Clients;

/// <summary>The commands of the two contracts, as a client emits them, and the events they lead to.</summary>
internal static class Subscriptions
{
    /// <summary>Room style: the client gets the event named after the topic.</summary>
    public static async Task SubscribeToRoomAsync(this SocketClient client, string topic)
    {
        await client.ListenAsync(topic);
        (await client.CallAsync("subscribe", new JsonObject { ["topic"] = topic })).ShouldBeOk();
    }

    /// <summary>Durable style: the client gets the event <c>message</c>.</summary>
    public static async Task SubscribeAsync(this SocketClient client, string consumer, params string[] topics)
    {
        await client.ListenAsync("message");
        (await client.CallAsync("subscribe", Durable(consumer, topics))).ShouldBeOk();
    }

    public static JsonObject Durable(string consumer, params string[] topics) =>
        new() { ["consumer"] = consumer, ["topics"] = new JsonArray([.. topics]) };

    public static void ShouldBeOk(this JsonElement acknowledgement) =>
        acknowledgement.GetProperty("status").GetString().ShouldBe("ok", acknowledgement.ToString());

    /// <summary>An error that says something.</summary>
    public static string ShouldBeError(this JsonElement acknowledgement)
    {
        acknowledgement.GetProperty("status").GetString().ShouldBe("error", acknowledgement.ToString());
        var message = acknowledgement.GetProperty("message").GetString();
        message.ShouldNotBeNullOrWhiteSpace();
        return message;
    }

    /// <summary>A published message in durable style on the topic, not the confirmation of the subscription.</summary>
    public static bool IsMessageOf(this ReceivedEvent received, string topic) =>
        received.IsEvent("message") && received.IsAbout(topic) && !received.IsConfirmation();

    public static bool IsConfirmationOf(this ReceivedEvent received, string topic) =>
        received.IsEvent("message") && received.IsAbout(topic) && received.IsConfirmation();

    public static bool IsEvent(this ReceivedEvent received, string name) => string.Equals(received.Name, name, StringComparison.Ordinal);

    /// <summary>Whether the event's first argument has this topic.</summary>
    public static bool IsAbout(this ReceivedEvent received, string topic) =>
        received.Arguments is [{ ValueKind: JsonValueKind.Object } data, ..]
        && data.TryGetProperty("topic", out var about)
        && about.ValueEquals(topic);

    private static bool IsConfirmation(this ReceivedEvent received) =>
        received.Arguments[0].GetProperty("message_id").GetString()!.StartsWith("sub_conf_", StringComparison.Ordinal);
}
