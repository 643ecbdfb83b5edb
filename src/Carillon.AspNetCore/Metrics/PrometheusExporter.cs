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
    private readonly Lock _gate = new(); // guards the families
    private readonly Dictionary<string, MetricFamily> _families = new(StringComparer.Ordinal);

    public PrometheusExporter(IMeterFactory meters)
    {
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (IsShown(instrument.Meter, meters))
            {
                listener.EnableMeasurementEvents(instrument, new MeteredInstrument(FamilyOf(instrument), instrument.Meter.Tags));
            }
        };
        _listener.SetMeasurementEventCallback<long>(static (_, value, tags, instrument) => Record(instrument, value, tags));
        _listener.SetMeasurementEventCallback<int>(static (_, value, tags, instrument) => Record(instrument, value, tags));
        _listener.SetMeasurementEventCallback<double>(static (_, value, tags, instrument) => Record(instrument, value, tags));
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

    private static void Record(object? instrument, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags) =>
        ((MeteredInstrument)instrument!).Record(value, tags);

    // Each hub has an instrument of that name; together they are one family, told apart by their meters' labels.
    private MetricFamily FamilyOf(Instrument instrument)
    {
        var family = new MetricFamily(instrument);
        lock (_gate)
        {
            return _families.TryAdd(family.Name, family) ? family : _families[family.Name];
        }
    }

    private string Collect()
    {
        _listener.RecordObservableInstruments();
        var text = new StringBuilder(8192);
        MetricFamily[] families;
        lock (_gate)
        {
            families = [.. _families.Values];
        }

        foreach (MetricFamily family in families.OrderBy(family => family.Name, StringComparer.Ordinal))
        {
            family.Write(text);
        }

        return text.ToString();
    }
}
