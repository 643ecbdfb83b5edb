using Carillon.Sqlite.Files;

namespace Carillon.Sqlite;

/// <summary>Where tests put a fault between the database and the machine.</summary>
internal sealed record SqliteSeams
{
    /// <summary>Runs the commit it is given.</summary>
    public Action<Action> Commit { get; init; } = static commit => commit();

    /// <summary>Free bytes of the file system that holds a path.</summary>
    public Func<string, long> FreeDiskBytes { get; init; } = DiskSpace.Probe;
}
