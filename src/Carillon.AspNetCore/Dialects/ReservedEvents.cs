namespace Carillon.AspNetCore.Dialects;

/// <summary>Event names that Socket.IO clients keep for themselves, so that no topic can be delivered under them.</summary>
internal static class ReservedEvents
{
    private static readonly HashSet<string> Names =
        new(StringComparer.Ordinal) { "connect", "connect_error", "disconnect", "disconnecting", "newListener", "removeListener" };

    public static bool Contains(string name) => Names.Contains(name);
}
