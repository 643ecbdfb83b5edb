using Carillon.AspNetCore;

namespace Carillon.Server.Settings.Hubs;

/// <summary>Where a hub's protocols are, below its path; <c>off</c> switches one off.</summary>
public sealed class RouteSettings
{
    private const string Off = "off";
    private const string Topic = "{topic}";
    private static readonly HubRoutes Defaults = new();

    /// <summary>Publishing by HTTP. Default <c>/publish</c>.</summary>
    public string Publish { get; init; } = Defaults.Publish!;

    /// <summary>Publishing by HTTP to the topic that the segment <c>{topic}</c> names. Default <c>/publish/{topic}</c>.</summary>
    public string PublishTo { get; init; } = Defaults.PublishTo!;

    /// <summary>What <c>/topics…</c> begins with. Default empty: nothing.</summary>
    public string Topics { get; init; } = Defaults.Topics!;

    /// <summary>WebSocket JSON. Default <c>/</c>: the hub's path.</summary>
    public string WebSocket { get; init; } = Defaults.WebSocket!;

    /// <summary>Server-sent events. Default <c>/events</c>.</summary>
    public string Events { get; init; } = Defaults.Events!;

    /// <summary>Socket.IO, the <c>path</c> option of its clients. Default <c>/socket.io</c>.</summary>
    public string SocketIO { get; init; } = Defaults.SocketIO!;

    /// <summary>What the API's routes (<c>/messages</c>, <c>/stats</c>, <c>/healthz</c>…) begin with. Default empty: nothing.</summary>
    public string Api { get; init; } = Defaults.Api!;

    internal HubRoutes ToRoutes() => new()
    {
        Publish = Route(Publish),
        PublishTo = Route(PublishTo),
        Topics = Route(Topics),
        WebSocket = Route(WebSocket),
        Events = Route(Events),
        SocketIO = Route(SocketIO),
        Api = Route(Api),
    };

    internal IEnumerable<string> Check(string key)
    {
        if (!IsOff(PublishTo) && !NamesTopic(PublishTo))
        {
            yield return $"{key}:{nameof(PublishTo)} must be 'off' or a route with one segment {Topic} such as /publish/{Topic}, but is '{PublishTo}'";
        }

        foreach ((string name, string route, string? also) in new[]
        {
            (nameof(Publish), Publish, null),
            (nameof(Topics), Topics, string.Empty),
            (nameof(WebSocket), WebSocket, "/"),
            (nameof(Events), Events, null),
            (nameof(SocketIO), SocketIO, null),
            (nameof(Api), Api, string.Empty),
        })
        {
            if (!IsOff(route) && route != also && !IsRoute(route))
            {
                yield return $"{key}:{name} must be 'off' or a route such as /publish, but is '{route}'";
            }
        }
    }

    private static bool NamesTopic(string route) => route.Split('/').Count(static segment => segment == Topic) == 1 && IsRoute(route.Replace(Topic, "topic", StringComparison.Ordinal));

    /// <summary>Whether a text is a route without parameters: segments of letters, digits, '.', '_', '~' and '-'.</summary>
    internal static bool IsRoute(string text) => text.Length > 1
        && text[0] == '/'
        && text[1..].Split('/').All(static segment => segment.Length > 0 && segment.All(static letter => char.IsAsciiLetterOrDigit(letter) || letter is '.' or '_' or '~' or '-'));

    private static string? Route(string setting) => IsOff(setting) ? null : setting;

    private static bool IsOff(string setting) => string.Equals(setting, Off, StringComparison.OrdinalIgnoreCase);
}
