using System.Reflection;
using System.Text.Json;
using Carillon.AspNetCore.Commands;
using Carillon.Diagnostics;
using Carillon.Engines;
using Carillon.Hubs;
using Carillon.Messages;
using Carillon.SocketIO;
using Microsoft.AspNetCore.Http;

namespace Carillon.AspNetCore.Http;

/// <summary><c>GET /stats</c>, <c>/healthz</c> and <c>/readyz</c>.</summary>
internal sealed class StatusEndpoints(Hub hub, SocketIOServer? socketIO)
{
    private static readonly string Version =
        typeof(StatusEndpoints).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "unknown";

    /// <summary>The process answers.</summary>
    public static Task HealthAsync(HttpContext context)
    {
        JsonBuffer answer = JsonBuffer.Start(out Utf8JsonWriter json);
        Answer.Ok(json);
        return HttpAnswer.SendAsync(context, StatusCodes.Status200OK, answer);
    }

    /// <summary>Publishes are expected to succeed; else 503 with the reason, so that a balancer sends them elsewhere.</summary>
    public Task ReadyAsync(HttpContext context)
    {
        EngineStatus status = hub.Engine.Status;
        JsonBuffer answer = JsonBuffer.Start(out Utf8JsonWriter json);
        json.WriteStartObject();
        json.WriteString("status"u8, status.Ready ? "ok" : "error");
        if (status.Reason is not null)
        {
            json.WriteString("message"u8, status.Reason);
        }

        json.WriteEndObject();
        return HttpAnswer.SendAsync(context, status.Ready ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable, answer);
    }

    public Task StatsAsync(HttpContext context)
    {
        HubMetrics metrics = hub.Metrics;
        UnixTime now = UnixTime.Now(hub.Time);
        JsonBuffer answer = JsonBuffer.Start(out Utf8JsonWriter json);
        json.WriteStartObject();
        json.WriteString("version"u8, Version);
        json.WriteString("runtime"u8, System.Runtime.InteropServices.RuntimeInformation.FrameworkDescription);
        Answer.Time(json, "started_at"u8, hub.StartedAt);
        Answer.Time(json, "now"u8, now);
        json.WriteNumber("uptime"u8, (now.Milliseconds - hub.StartedAt.Milliseconds) / 1000d);
        json.WriteNumber("topics"u8, hub.TopicCount);
        json.WriteNumber("connections"u8, socketIO?.ConnectionCount ?? 0);
        json.WriteNumber("sessions"u8, metrics.Sessions);
        json.WriteNumber("subscriptions"u8, metrics.Subscriptions);
        json.WriteNumber("published"u8, metrics.Published);
        json.WriteNumber("duplicates"u8, metrics.Duplicates);
        json.WriteNumber("refused"u8, metrics.Refused);
        json.WriteNumber("delivered"u8, metrics.DeliveredTotal);
        json.WriteNumber("consumed"u8, metrics.Consumed);
        json.WriteNumber("memory"u8, Environment.WorkingSet);
        json.WriteNumber("processor_time"u8, Environment.CpuUsage.TotalTime.TotalSeconds);
        json.WriteEndObject();
        return HttpAnswer.SendAsync(context, StatusCodes.Status200OK, answer);
    }
}
