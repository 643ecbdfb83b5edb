using System.Net;
using System.Security.Claims;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;

namespace Carillon.SocketIO.EngineIO;

/// <summary>What is kept of the request that opened a session; the request itself does not outlive its answer.</summary>
internal sealed class HandshakeRequest
{
    public HandshakeRequest(HttpContext context, DateTimeOffset time)
    {
        Query = new HandshakeValues(context.Request.Query);
        Headers = new HandshakeValues(context.Request.Headers);
        RemoteAddress = context.Connection.RemoteIpAddress;
        User = context.User;
        IsSecure = context.Request.IsHttps;
        Path = context.Request.Path;
        Time = time;
    }

    public IReadOnlyDictionary<string, StringValues> Query { get; }

    public IReadOnlyDictionary<string, StringValues> Headers { get; }

    public IPAddress? RemoteAddress { get; }

    public ClaimsPrincipal User { get; }

    public bool IsSecure { get; }

    public PathString Path { get; }

    public DateTimeOffset Time { get; }
}
