using System.Net;
using Carillon.Access;
using Carillon.AspNetCore.Authentication;
using Carillon.Errors;
using Carillon.Hubs;

namespace Carillon.Server.Serving;

/// <summary>Lets only those read the metrics of several hubs who may: they belong to none of them.</summary>
internal static class MetricsGuard
{
    private static readonly Error Elsewhere = new(ErrorCode.Forbidden, "Monitoring is not allowed from here; the setting 'Monitoring' says who may");

    public static void AddMonitoringGuard(this IEndpointConventionBuilder endpoints, MonitoringAccess place, TopicAccess monitors) => endpoints.Add(endpoint =>
    {
        RequestDelegate metrics = endpoint.RequestDelegate!;
        endpoint.RequestDelegate = async context =>
        {
            Requester requester = context.GetRequester();
            Error? error = IsFrom(place, requester.RemoteAddress)
                ? await monitors.CheckAsync(new AccessRequest(requester, default, AccessKind.Monitor), context.RequestAborted)
                : Elsewhere;
            if (error is null)
            {
                await metrics(context);
                return;
            }

            context.Response.StatusCode = error.Code.HttpStatus;
            await context.Response.WriteAsJsonAsync(
                new Dictionary<string, string> { ["status"] = "error", ["message"] = error.Message, ["code"] = error.Code.Name }, context.RequestAborted);
        };
    });

    private static bool IsFrom(MonitoringAccess place, IPAddress? address) => place switch
    {
        MonitoringAccess.Anyone => true,
        MonitoringAccess.Loopback => address is not null && IPAddress.IsLoopback(address),
        _ => false,
    };
}
