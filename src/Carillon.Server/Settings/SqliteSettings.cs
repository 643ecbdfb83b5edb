using Carillon.Sqlite;

namespace Carillon.Server.Settings;

/// <summary>Settings of the SQLite engine.</summary>
public sealed class SqliteSettings
{
    private static readonly SqliteOptions Defaults = new();

    /// <summary>Whether a commit waits for the disk. <c>Off</c> gives up the promise "acknowledged = durable" and exists for tests.</summary>
    public SynchronousMode Synchronous { get; init; } = Defaults.Synchronous;

    /// <summary>Which SQLite library is loaded. Default: the system's if it is newer than the bundled one.</summary>
    public NativeLibraryChoice NativeLibrary { get; init; } = Defaults.NativeLibrary;

    /// <summary>Below this much free disk space publishes are refused. Default: 64 MiB.</summary>
    public long MinFreeDiskBytes { get; init; } = Defaults.MinFreeDiskBytes;

    internal SqliteOptions ToOptions(string path) => Defaults with
    {
        Path = path,
        Synchronous = Synchronous,
        NativeLibrary = NativeLibrary,
        MinFreeDiskBytes = MinFreeDiskBytes,
    };

    internal IEnumerable<string> Check(string key)
    {
        if (MinFreeDiskBytes < 0)
        {
            yield return $"{key}:MinFreeDiskBytes must be at least 0, but is {MinFreeDiskBytes}";
        }
    }
}
