namespace Carillon.Sqlite.Files;

/// <summary>Knows whether the file system of the database has room left. Asks it at most once a second.</summary>
/// <remarks><see cref="Refresh"/> is for one thread; <see cref="BelowFloor"/> may be read by any.</remarks>
internal sealed class DiskSpace(long floor, Func<long> freeBytes, TimeProvider time)
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    private long? _checkedAt;
    private volatile bool _belowFloor;

    /// <summary>True when the last look found less than the floor.</summary>
    public bool BelowFloor => _belowFloor;

    /// <summary>Looks again if the last look is a second old.</summary>
    /// <returns>True when the answer changed.</returns>
    public bool Refresh()
    {
        long now = time.GetTimestamp();
        if (floor == 0 || (_checkedAt is { } last && time.GetElapsedTime(last, now) < Interval))
        {
            return false;
        }

        _checkedAt = now;
        bool below = freeBytes() < floor;
        bool changed = below != _belowFloor;
        _belowFloor = below;
        return changed;
    }

    /// <summary>Bytes that the file system of <paramref name="path"/> has left for this process.</summary>
    public static long Probe(string path)
    {
        try
        {
            return new DriveInfo(Path.GetDirectoryName(path)!).AvailableFreeSpace;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // A file system that cannot be asked is no reason to refuse: a full one still fails the commit.
            return long.MaxValue;
        }
    }
}
