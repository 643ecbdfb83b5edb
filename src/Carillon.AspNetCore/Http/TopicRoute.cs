using System.Diagnostics.CodeAnalysis;
using Carillon.Errors;
using Carillon.Topics;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Carillon.AspNetCore.Http;

/// <summary>Takes a topic's name out of a route.</summary>
internal static class TopicRoute
{
    private const string RouteValue = "topic";

    /// <summary>Reads the name. The server leaves an encoded slash in a path as it was, so it is decoded here.</summary>
    public static bool TryRead(HttpContext context, out TopicName topic, [NotNullWhen(false)] out Error? error)
    {
        string text = context.GetRouteValue(RouteValue)?.ToString() ?? string.Empty;
        return TopicName.TryCreate(text.Replace("%2F", "/", StringComparison.OrdinalIgnoreCase), RouteValue, out topic, out error);
    }
}
