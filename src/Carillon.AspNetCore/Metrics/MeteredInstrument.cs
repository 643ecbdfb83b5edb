namespace Carillon.AspNetCore.Metrics;

/// <summary>One instrument of one meter: its measurements carry the meter's labels too.</summary>
internal sealed class MeteredInstrument(MetricFamily family, IEnumerable<KeyValuePair<string, object?>>? meterTags)
{
    private readonly KeyValuePair<string, object?>[] _meterTags = [.. meterTags ?? []];

    public void Record(double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        if (_meterTags.Length == 0)
        {
            family.Record(value, tags);
            return;
        }

        family.Record(value, tags.IsEmpty ? _meterTags : [.. _meterTags, .. tags]);
    }
}
