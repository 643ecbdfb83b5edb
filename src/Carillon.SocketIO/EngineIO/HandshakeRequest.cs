using System.Net;
using System.Security.Claims;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;

namespace Carillon.SocketIO.EngineIO;

/// <summary>What is kept of the request that opened a session; the request itself does not outlive its answer.</summary>
internal sealed class HandshakeRequest
{
    private ClaimsPrincipal? _user; // Nobody in particular costs nothing until somebody asks.

    public HandshakeRequest(HttpContext context, DateTimeOffset time, object? remembered = null)
    {
        Query = new HandshakeValues(context.Request.Query);
        Headers = new HandshakeValues(context.Request.Headers);
        RemoteAddress = context.Connection.RemoteIpAddress;
        _user = IsAnonymous(context.User) ? null : context.User;
        IsSecure = context.Request.IsHttps;
        Path = SharedText.Of(context.Request.Path.Value ?? string.Empty);
        Time = time;
        Remembered = remembered;
    }

    public IReadOnlyDictionary<string, StringValues> Query { get; }

    public IReadOnlyDictionary<string, StringValues> Headers { get; }

    public IPAddress? RemoteAddress { get; }

    public ClaimsPrincipal User => _user ?? Interlocked.CompareExchange(ref _user, new ClaimsPrincipal(new ClaimsIdentity()), null) ?? _user;

    public bool IsSecure { get; }

    public PathString Path { get; }

    public DateTimeOffset Time { get; }

    public object? Remembered { get; }

    // As a request that no authentication has touched.
    private static bool IsAnonymous(ClaimsPrincipal user) =>
        user.GetType() == typeof(ClaimsPrincipal)
        && user.Identities.All(static identity => identity.GetType() == typeof(ClaimsIdentity) && !identity.IsAuthenticated && identity.BootstrapContext is null)
        && !user.Claims.Any();
}
