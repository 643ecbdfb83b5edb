using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using Carillon.Engines.Conformance;
using Carillon.Publishing;
using Carillon.Topics;
using Shouldly;
using Xunit;

namespace Carillon.Sqlite.Tests;

public sealed class MetricsTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task Writing_shows_in_the_instruments()
    {
        string path = _directory.File("pubsub.db");
        var seen = new ConcurrentDictionary<string, double>();
        using MeterListener meters = DatabaseMeters.Listen(path);
        meters.SetMeasurementEventCallback<long>((instrument, value, _, _) => seen.AddOrUpdate(instrument.Name, value, (_, sum) => sum + value));
        meters.SetMeasurementEventCallback<int>((instrument, value, _, _) => seen.AddOrUpdate(instrument.Name, value, (_, sum) => sum + value));
        meters.SetMeasurementEventCallback<double>((instrument, value, _, _) => seen.AddOrUpdate(instrument.Name, value, (_, sum) => sum + value));
        meters.Start();

        await using SqliteDatabase database = TestDatabase.Create(path);
        await database.Topics.StartAsync(new RecordingSink(), CancellationToken.None);
        for (int i = 0; i < 10; i++)
        {
            await database.Topics.PublishAsync(new PublishRequest { Topic = TopicName.Create("t"), Payload = "1"u8.ToArray() }, CancellationToken.None);
        }

        meters.RecordObservableInstruments();
        seen["carillon.sqlite.messages"].ShouldBe(10);
        seen["carillon.sqlite.commits"].ShouldBe(10);
        seen["carillon.sqlite.commit.duration"].ShouldBeGreaterThan(0);
        seen["carillon.sqlite.queue.length"].ShouldBe(0);
        seen["carillon.sqlite.database.size"].ShouldBeGreaterThan(4096);
        seen["carillon.sqlite.wal.size"].ShouldBeGreaterThan(4096);
    }
}
