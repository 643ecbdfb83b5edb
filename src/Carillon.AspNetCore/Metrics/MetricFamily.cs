using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using System.Text;

namespace Carillon.AspNetCore.Metrics;

/// <summary>What was measured by one instrument, by its labels.</summary>
internal sealed class MetricFamily
{
    // Labels come from code, not from clients; the bound keeps a mistake there from filling the memory.
    private const int MaxSeries = 1000;

    private static readonly double[] SecondsBounds = [0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];
    private static readonly double[] CountBounds = [1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024, 4096, 16384, 65536];

    private readonly ConcurrentDictionary<string, MetricSeries> _series = new(StringComparer.Ordinal);
    private readonly MetricSeries _unlabelled;
    private readonly double[]? _bounds;
    private readonly Kind _kind;
    private readonly string _help;
    private volatile bool _hasUnlabelled;

    public MetricFamily(Instrument instrument)
    {
        Type type = instrument.GetType().GetGenericTypeDefinition();
        _kind = type == typeof(Histogram<>) ? Kind.Histogram
            : type == typeof(Counter<>) || type == typeof(ObservableCounter<>) ? Kind.Counter
            : Kind.Gauge;
        Accumulates = type == typeof(Counter<>) || type == typeof(UpDownCounter<>);
        _bounds = _kind == Kind.Histogram ? (instrument.Unit == "s" ? SecondsBounds : CountBounds) : null;
        _help = instrument.Description ?? instrument.Name;
        Name = NameOf(instrument, _kind);
        _unlabelled = new MetricSeries(string.Empty, _bounds);
    }

    private enum Kind
    {
        Counter,
        Gauge,
        Histogram,
    }

    /// <summary>The name in Prometheus' form.</summary>
    public string Name { get; }

    /// <summary>True when measurements are changes rather than values.</summary>
    private bool Accumulates { get; }

    public void Record(double measurement, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        MetricSeries series = SeriesOf(tags);
        if (_kind == Kind.Histogram)
        {
            series.Observe(measurement);
        }
        else if (Accumulates)
        {
            series.Add(measurement);
        }
        else
        {
            series.Set(measurement);
        }
    }

    public void Write(StringBuilder text)
    {
        text.Append("# HELP ").Append(Name).Append(' ').Append(_help.Replace("\\", @"\\", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal)).Append('\n');
        text.Append("# TYPE ").Append(Name).Append(' ').Append(_kind switch
        {
            Kind.Counter => "counter",
            Kind.Histogram => "histogram",
            _ => "gauge",
        }).Append('\n');
        if (_series.IsEmpty || _hasUnlabelled)
        {
            _unlabelled.Write(text, Name);
        }

        foreach ((_, MetricSeries series) in _series.OrderBy(pair => pair.Key, StringComparer.Ordinal))
        {
            series.Write(text, Name);
        }
    }

    private static string NameOf(Instrument instrument, Kind kind)
    {
        string unit = instrument.Unit switch
        {
            "s" => "_seconds",
            "By" => "_bytes",
            _ => string.Empty,
        };
        string name = string.Concat(instrument.Name.Select(letter => char.IsAsciiLetterOrDigit(letter) ? letter : '_'));
        name = name.Contains(unit, StringComparison.Ordinal) ? name : name + unit;
        return kind == Kind.Counter ? name + "_total" : name;
    }

    private MetricSeries SeriesOf(ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        if (tags.IsEmpty)
        {
            _hasUnlabelled = true;
            return _unlabelled;
        }

        var labels = new StringBuilder();
        foreach ((string key, object? value) in tags)
        {
            labels.Append(labels.Length == 0 ? "" : ",")
                .Append(string.Concat(key.Select(letter => char.IsAsciiLetterOrDigit(letter) ? letter : '_')))
                .Append("=\"")
                .Append((value?.ToString() ?? "").Replace("\\", @"\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal))
                .Append('"');
        }

        return _series.Count >= MaxSeries ? _unlabelled : _series.GetOrAdd(labels.ToString(), text => new MetricSeries(text, _bounds));
    }
}
