namespace Carillon.Sqlite;

/// <summary>Settings of a <see cref="SqliteDatabase"/>. Every value is checked when the database is created.</summary>
public sealed record SqliteOptions
{
    /// <summary>The database file; created if it does not exist, its directory is not. Default: <c>pubsub.db</c> in the working directory.</summary>
    public string Path { get; init; } = "pubsub.db";

    /// <summary>What a commit waits for. Default: <see cref="SynchronousMode.Full"/>.</summary>
    public SynchronousMode Synchronous { get; init; } = SynchronousMode.Full;

    /// <summary>Which SQLite library is used. Default: <see cref="NativeLibraryChoice.Auto"/>.</summary>
    public NativeLibraryChoice NativeLibrary { get; init; } = NativeLibraryChoice.Auto;

    /// <summary>Publishes are refused while the file system has fewer bytes than this left; 0 never refuses. Default: 64 MiB.</summary>
    public long MinFreeDiskBytes { get; init; } = 64L << 20;

    /// <summary>Page cache of the writing connection in bytes, at least 1 MiB. Default: 64 MiB.</summary>
    public long CacheBytes { get; init; } = 64L << 20;

    /// <summary>The write-ahead log is copied into the database file each time this many bytes were written to it, at least 64 KiB. Default: 16 MiB.</summary>
    public long CheckpointBytes { get; init; } = 16L << 20;

    /// <summary>Writes that may wait for the writer; those beyond it wait for room. 1 to 1,000,000. Default: 8,192.</summary>
    public int QueueCapacity { get; init; } = 8192;

    /// <summary>Queries that may run at the same time, each on a read-only connection of its own. 1 to 64. Default: 4.</summary>
    public int Readers { get; init; } = 4;

    /// <summary>How long the writer waits for another program that has the file locked. 0 to 60 s. Default: 5 s.</summary>
    public TimeSpan BusyTimeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Throws unless every value is acceptable.</summary>
    /// <exception cref="ArgumentException">Names the option that is not.</exception>
    internal void Validate()
    {
        Require(!string.IsNullOrWhiteSpace(Path) && !Path.Contains('\0', StringComparison.Ordinal), nameof(Path), "must be a file path");
        Require(Enum.IsDefined(Synchronous), nameof(Synchronous), "must be Full or Off");
        Require(Enum.IsDefined(NativeLibrary), nameof(NativeLibrary), "must be Auto or Bundled");
        Require(MinFreeDiskBytes >= 0, nameof(MinFreeDiskBytes), "must not be negative");
        Require(CacheBytes is >= 1L << 20 and <= 1L << 40, nameof(CacheBytes), "must be at least 1 MiB and at most 1 TiB");
        Require(CheckpointBytes is >= 64L << 10 and <= 1L << 40, nameof(CheckpointBytes), "must be at least 64 KiB and at most 1 TiB");
        Require(QueueCapacity is >= 1 and <= 1_000_000, nameof(QueueCapacity), "must be between 1 and 1,000,000");
        Require(Readers is >= 1 and <= 64, nameof(Readers), "must be between 1 and 64");
        Require(BusyTimeout >= TimeSpan.Zero && BusyTimeout <= TimeSpan.FromSeconds(60), nameof(BusyTimeout), "must be between 0 and 60 seconds");
    }

    private static void Require(bool condition, string option, string expectation)
    {
        if (!condition)
        {
            throw new ArgumentException($"SQLite option '{option}' {expectation}", option);
        }
    }
}
