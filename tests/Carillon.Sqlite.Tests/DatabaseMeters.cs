using System.Diagnostics.Metrics;
using Carillon.Sqlite.Diagnostics;

namespace Carillon.Sqlite.Tests;

/// <summary>Listens to the instruments of one database.</summary>
internal static class DatabaseMeters
{
    public static MeterListener Listen(string path) => new()
    {
        InstrumentPublished = (instrument, listener) =>
        {
            if (instrument.Meter.Name == SqliteMetrics.MeterName && instrument.Meter.Tags?.Contains(new(SqliteMetrics.DatabaseTag, path)) == true)
            {
                listener.EnableMeasurementEvents(instrument);
            }
        },
    };
}
