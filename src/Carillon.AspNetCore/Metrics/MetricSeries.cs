using System.Globalization;
using System.Text;

namespace Carillon.AspNetCore.Metrics;

/// <summary>The value of one instrument for one set of labels: a number, or a histogram.</summary>
/// <remarks>Thread-safe.</remarks>
internal sealed class MetricSeries(string labels, IReadOnlyList<double>? bounds)
{
    private readonly Lock _gate = new(); // guards all values; a few nanoseconds per measurement
    private readonly long[] _buckets = new long[(bounds?.Count ?? 0) + 1];
    private double _value;
    private long _count;

    public void Add(double amount)
    {
        lock (_gate)
        {
            _value += amount;
        }
    }

    public void Set(double value)
    {
        lock (_gate)
        {
            _value = value;
        }
    }

    public void Observe(double value)
    {
        int bucket = 0;
        while (bucket < bounds!.Count && value > bounds[bucket])
        {
            bucket++;
        }

        lock (_gate)
        {
            _buckets[bucket]++;
            _value += value;
            _count++;
        }
    }

    public void Write(StringBuilder text, string name)
    {
        lock (_gate)
        {
            if (bounds is null)
            {
                Line(text, name, labels, _value);
                return;
            }

            long cumulative = 0;
            for (int i = 0; i < _buckets.Length; i++)
            {
                cumulative += _buckets[i];
                string bound = i < bounds.Count ? bounds[i].ToString(CultureInfo.InvariantCulture) : "+Inf";
                Line(text, name + "_bucket", labels.Length == 0 ? $"le=\"{bound}\"" : $"{labels},le=\"{bound}\"", cumulative);
            }

            Line(text, name + "_sum", labels, _value);
            Line(text, name + "_count", labels, _count);
        }
    }

    private static void Line(StringBuilder text, string name, string labels, double value)
    {
        text.Append(name);
        if (labels.Length > 0)
        {
            text.Append('{').Append(labels).Append('}');
        }

        text.Append(' ').Append(value.ToString("R", CultureInfo.InvariantCulture)).Append('\n');
    }
}
