using Microsoft.Extensions.Options;

namespace Carillon.AspNetCore;

/// <summary>Where a hub's protocols are, below the route that the hub is mounted on. Null switches one off. Immutable.</summary>
public sealed record HubRoutes
{
    /// <summary>Publishing by HTTP. Default <c>/publish</c>.</summary>
    public string? Publish { get; init; } = "/publish";

    /// <summary>Publishing by HTTP to the topic that the route names. One of its segments is <c>{topic}</c>. Default <c>/publish/{topic}</c>.</summary>
    public string? PublishTo { get; init; } = "/publish/{topic}";

    /// <summary>
    /// The topics: the listings <c>/topics</c>, <c>/topics/{topic}</c>, <c>/topics/{topic}/messages</c> for those who may subscribe. What these routes begin with; default empty: nothing.
    /// </summary>
    public string? Topics { get; init; } = string.Empty;

    /// <summary>WebSocket JSON. Default <c>/</c>: the route that the hub is mounted on.</summary>
    public string? WebSocket { get; init; } = "/";

    /// <summary>Server-sent events. Default <c>/events</c>.</summary>
    public string? Events { get; init; } = "/events";

    /// <summary>Socket.IO, the <c>path</c> option of its clients, with the namespaces <c>/</c> and <c>/monitor</c>. Default <c>/socket.io</c>.</summary>
    public string? SocketIO { get; init; } = "/socket.io";

    /// <summary>
    /// What the API's routes begin with: <c>/messages</c>, <c>/consumptions</c>, <c>/clients</c>, <c>/graph/state</c>, <c>/stats</c> for those who may monitor, and
    /// <c>/healthz</c>, <c>/readyz</c>, <c>/openapi.json</c> for everyone. Default empty: nothing.
    /// </summary>
    public string? Api { get; init; } = string.Empty;

    /// <summary>Throws an <see cref="OptionsValidationException"/> that names the wrong route.</summary>
    internal void Validate()
    {
        Check(Publish, nameof(Publish));
        Check(PublishTo, nameof(PublishTo));
        Connections.SettingCheck.Require<HubRoutes>(PublishTo?.Split('/').Contains("{topic}") != false, nameof(PublishTo), "null, or have {topic} as a segment");
        Check(SocketIO, nameof(SocketIO));
        Check(Topics is "" ? null : Topics, nameof(Topics));
        Check(WebSocket is "/" ? null : WebSocket, nameof(WebSocket));
        Check(Events, nameof(Events));
        Check(Api is "" ? null : Api, nameof(Api));
    }

    private static void Check(string? route, string setting) => Connections.SettingCheck.Require<HubRoutes>(
        route is null || (route.Length > 1 && route[0] == '/' && route[^1] != '/'), setting, "null, or begin with a slash, end without one and have a name between");
}
