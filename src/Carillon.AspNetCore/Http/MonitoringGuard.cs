using System.Net;
using Carillon.Access;
using Carillon.AspNetCore.Authentication;
using Carillon.Errors;
using Carillon.Hubs;
using Microsoft.AspNetCore.Http;

namespace Carillon.AspNetCore.Http;

/// <summary>Lets only those monitor a hub who may: see <see cref="HubOptions.Monitoring"/> and <see cref="HubOptions.Monitors"/>.</summary>
internal static class MonitoringGuard
{
    private static readonly Error Elsewhere =
        new(ErrorCode.Forbidden, "Monitoring is not allowed from here; the setting 'Monitoring' says who may");

    /// <summary>Null when he may; else why not.</summary>
    public static ValueTask<Error?> CheckAsync(Hub hub, Requester requester, CancellationToken cancellationToken) =>
        IsFromAllowedPlace(hub.Options.Monitoring, requester.RemoteAddress)
            ? hub.CheckMonitorAsync(requester, cancellationToken)
            : new ValueTask<Error?>(Elsewhere);

    /// <summary>Puts the guard in front of an endpoint.</summary>
    public static RequestDelegate Guard(this RequestDelegate endpoint, Hub hub) => async context =>
    {
        if (await CheckAsync(hub, context.GetRequester(), context.RequestAborted) is { } error)
        {
            await HttpAnswer.SendAsync(context, error);
            return;
        }

        await endpoint(context);
    };

    private static bool IsFromAllowedPlace(MonitoringAccess access, IPAddress? address) => access switch
    {
        MonitoringAccess.Anyone => true,
        MonitoringAccess.Loopback => address is not null && IPAddress.IsLoopback(address),
        _ => false,
    };
}
