using System.Text.Json;

namespace Carillon.Interop.Tests.Clients;

/// <summary>An event as a client's handler got it.</summary>
/// <param name="Namespace">The Socket.IO namespace it came in.</param>
/// <param name="Name">The event's name.</param>
/// <param name="Arguments">All arguments, as the library gave them to the handler.</param>
internal sealed record ReceivedEvent(string Namespace, string Name, IReadOnlyList<JsonElement> Arguments)
{
    /// <summary>The one argument: an event with another number of them fails the test.</summary>
    public JsonElement Data => Arguments.ShouldHaveSingleItem($"event {Name} must come with one argument");

    public override string ToString() => $"{Namespace} {Name}({string.Join(", ", Arguments)})";
}
