using System.Text;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Routing.Patterns;
using Microsoft.Extensions.Primitives;

namespace Carillon.Connections.Upgrades;

/// <summary>
/// Which paths may belong to an endpoint that accepts WebSockets. It may say yes for too many, never for too few of those without a path base of another
/// spelling: the application's own routing decides. Thread-safe.
/// </summary>
internal sealed class UpgradeRoutes
{
    private string[] _beginnings = [];

    public UpgradeRoutes(EndpointDataSource? endpoints)
    {
        if (endpoints is not null)
        {
            // Endpoints can come and go while the application runs.
            ChangeToken.OnChange(endpoints.GetChangeToken, () => Read(endpoints));
            Read(endpoints);
        }
    }

    public bool Match(string path)
    {
        foreach (string beginning in Volatile.Read(ref _beginnings))
        {
            // Not only at the start: the application may have a path base.
            if (path.Contains(beginning, StringComparison.OrdinalIgnoreCase))
            {
                return true;
            }
        }

        return false;
    }

    private void Read(EndpointDataSource endpoints) => Volatile.Write(
        ref _beginnings,
        [.. endpoints.Endpoints.OfType<RouteEndpoint>()
            .Where(static endpoint => endpoint.Metadata.GetMetadata<UpgradeMetadata>() is not null)
            .Select(static endpoint => LiteralBeginning(endpoint.RoutePattern))
            .Distinct(StringComparer.OrdinalIgnoreCase)]);

    private static string LiteralBeginning(RoutePattern pattern)
    {
        var text = new StringBuilder();
        foreach (RoutePatternPathSegment segment in pattern.PathSegments)
        {
            if (!segment.IsSimple || segment.Parts[0] is not RoutePatternLiteralPart literal)
            {
                break;
            }

            text.Append('/').Append(literal.Content);
        }

        return text.ToString();
    }
}
