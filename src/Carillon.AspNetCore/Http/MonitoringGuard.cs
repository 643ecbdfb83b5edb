using System.Net;
using Carillon.Errors;
using Carillon.Hubs;
using Microsoft.AspNetCore.Http;

namespace Carillon.AspNetCore.Http;

/// <summary>Lets only those monitor a hub who may: see <see cref="HubOptions.Monitoring"/>.</summary>
internal static class MonitoringGuard
{
    public const string Refusal = "Monitoring is not allowed from here; the setting 'Monitoring' says who may";

    public static bool Allows(MonitoringAccess access, IPAddress? address) => access switch
    {
        MonitoringAccess.Anyone => true,
        MonitoringAccess.Loopback => address is not null && IPAddress.IsLoopback(address),
        _ => false,
    };

    /// <summary>Puts the guard in front of an endpoint.</summary>
    public static RequestDelegate Guard(this RequestDelegate endpoint, MonitoringAccess access) => context =>
        Allows(access, context.Connection.RemoteIpAddress)
            ? endpoint(context)
            : HttpAnswer.SendAsync(context, new Error(ErrorCode.Forbidden, Refusal));
}
