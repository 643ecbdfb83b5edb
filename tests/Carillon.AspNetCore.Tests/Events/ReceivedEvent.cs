using System.Text.Json;

namespace Carillon.AspNetCore.Tests.Events;

/// <summary>An event as a browser would dispatch it.</summary>
internal sealed record ReceivedEvent(string Name, string Data, string LastEventId)
{
    public JsonElement Json => JsonElement.Parse(Data);

    public string? this[string property] => Json.TryGetProperty(property, out JsonElement value) ? value.ToString() : null;
}
