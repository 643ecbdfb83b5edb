using System.Diagnostics.Metrics;
using System.Text;
using Microsoft.AspNetCore.Http;

namespace Carillon.AspNetCore.Metrics;

/// <summary>
/// Shows the process's instruments in Prometheus' text format (version 0.0.4). The exporters on NuGet are not to be had as stable packages;
/// this one needs nothing but the framework's <see cref="MeterListener"/>.
/// </summary>
internal sealed class PrometheusExporter : IDisposable
{
    private readonly MeterListener _listener = new();
    private readonly Lock _gate = new(); // guards the list of families
    private readonly List<MetricFamily> _families = [];

    public PrometheusExporter(IMeterFactory meters)
    {
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (IsShown(instrument.Meter, meters))
            {
                var family = new MetricFamily(instrument);
                lock (_gate)
                {
                    _families.Add(family);
                }

                listener.EnableMeasurementEvents(instrument, family);
            }
        };
        _listener.SetMeasurementEventCallback<long>(static (_, value, tags, family) => Record(family, value, tags));
        _listener.SetMeasurementEventCallback<int>(static (_, value, tags, family) => Record(family, value, tags));
        _listener.SetMeasurementEventCallback<double>(static (_, value, tags, family) => Record(family, value, tags));
        _listener.Start();
    }

    public Task InvokeAsync(HttpContext context)
    {
        context.Response.ContentType = "text/plain; version=0.0.4; charset=utf-8";
        return context.Response.WriteAsync(Collect(), context.RequestAborted);
    }

    public void Dispose() => _listener.Dispose();

    // A meter made by another application's factory is that application's business.
    private static bool IsShown(Meter meter, IMeterFactory meters) =>
        (meter.Name.StartsWith("Carillon", StringComparison.Ordinal) || meter.Name == "System.Runtime")
        && (meter.Scope is null || ReferenceEquals(meter.Scope, meters));

    private static void Record(object? family, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags) =>
        ((MetricFamily)family!).Record(value, tags);

    private string Collect()
    {
        _listener.RecordObservableInstruments();
        var text = new StringBuilder(8192);
        MetricFamily[] families;
        lock (_gate)
        {
            families = [.. _families];
        }

        foreach (MetricFamily family in families.OrderBy(family => family.Name, StringComparer.Ordinal))
        {
            family.Write(text);
        }

        return text.ToString();
    }
}
