namespace Carillon.SocketIO.Tests.Events;

/// <summary>Handlers whose first parameter is not the event's: it is bound to the text.</summary>
internal static class TextMeasures
{
    public static int Measure(this string? text, string[] others) => (text?.Length ?? 0) + others.Length;
}
