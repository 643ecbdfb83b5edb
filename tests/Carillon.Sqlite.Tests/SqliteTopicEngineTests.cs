using Carillon.Engines;
using Carillon.Engines.Conformance;

namespace Carillon.Sqlite.Tests;

/// <summary>The conformance suite of engines, on a file.</summary>
public sealed class SqliteTopicEngineTests : DurableTopicEngineConformance
{
    private readonly TemporaryDirectory _directory = new();
    private SqliteDatabase? _database;

    protected override ITopicEngine CreateEngine(EngineOptions options, TimeProvider time)
    {
        _database = TestDatabase.Create(_directory.File("pubsub.db"), options, time);
        return _database.Topics;
    }

    protected override ValueTask ReleaseAsync(ITopicEngine engine) => _database!.DisposeAsync();

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        _directory.Dispose();
    }
}
