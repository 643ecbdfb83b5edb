using Carillon.Consumers;
using Carillon.Engines.Conformance;

namespace Carillon.Sqlite.Tests;

/// <summary>The conformance suite of consumer stores, on a file.</summary>
public sealed class SqliteConsumerStoreTests : DurableConsumerStoreConformance
{
    private readonly TemporaryDirectory _directory = new();
    private SqliteDatabase? _database;

    protected override async ValueTask<IConsumerStore> OpenAsync(TimeProvider time)
    {
        _database = TestDatabase.Create(_directory.File("pubsub.db"), null, time);
        await _database.Topics.StartAsync(new RecordingSink(), CancellationToken.None);
        await _database.Consumers.StartAsync(CancellationToken.None);
        return _database.Consumers;
    }

    protected override ValueTask ReleaseAsync(IConsumerStore store) => _database!.DisposeAsync();

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        _directory.Dispose();
    }
}
