using Carillon.Interop.Tests.Servers;

namespace Carillon.Interop.Tests.PowerLoss;

/// <summary>A directory that can lose what a server wrote to it and did not fsync.</summary>
internal sealed class PowerLossDisk : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly string _live;
    private readonly string _journal;
    private readonly PowerLossShim _shim;
    private Dictionary<string, byte[]> _before = [];

    public PowerLossDisk(PowerLossShim shim)
    {
        _shim = shim;
        _live = _folder.Subfolder("live");
        _journal = _folder.File("journal");
    }

    /// <summary>If set, fsync does nothing: the control that shows what the test is able to see.</summary>
    public bool Lying { get; init; }

    /// <summary>Part of the name of a library that the server does not find.</summary>
    public string? HiddenLibrary { get; init; }

    public string Database => Path.Combine(_live, "pubsub.db");

    /// <summary>How much was journalled so far: the moment of <see cref="Lose"/>.</summary>
    public long Moment => new FileInfo(_journal).Length;

    /// <summary>Takes what is on the disk as safe, and returns the environment of the server process to watch from now on.</summary>
    public Dictionary<string, string> Watch()
    {
        File.Delete(_journal);
        _before = Directory.EnumerateFiles(_live).Where(IsDurable).ToDictionary(path => Path.GetFileName(path), File.ReadAllBytes, StringComparer.Ordinal);
        Dictionary<string, string> environment = new(StringComparer.Ordinal)
        {
            ["LD_PRELOAD"] = _shim.Library,
            ["CARILLON_POWERLOSS_DIRECTORY"] = _live,
            ["CARILLON_POWERLOSS_JOURNAL"] = _journal,
        };
        if (Lying)
        {
            environment["CARILLON_POWERLOSS_LYING"] = "1";
        }

        if (HiddenLibrary is not null)
        {
            environment["CARILLON_POWERLOSS_HIDE"] = HiddenLibrary;
        }

        return environment;
    }

    /// <summary>Leaves on the disk what a power loss leaves. The watched server must have been killed.</summary>
    /// <param name="unsynced">What becomes of writes that were not fsynced.</param>
    /// <param name="seed">Of the chance that decides.</param>
    /// <param name="moment">When the power went, as <see cref="Moment"/> was then; by default when the server was killed.</param>
    public PowerLossReport Lose(UnsyncedWrites unsynced, int seed, long moment = long.MaxValue)
    {
        var journal = File.ReadAllBytes(_journal);
        var records = JournalRecord.ReadAll(journal.AsMemory(0, (int)Math.Min(journal.Length, moment)));
        records.Where(record => record.Kind == JournalRecordKind.Unsupported).Select(record => record.Text).ShouldBeEmpty("the shim must be able to follow every write");
        var chance = unsynced == UnsyncedWrites.Torn ? new Random(seed) : null;
        var (files, replay) = PowerLossReplay.Run(_before, records, chance);
        foreach (var path in Directory.EnumerateFiles(_live))
        {
            File.Delete(path);
        }

        foreach (var (name, content) in files)
        {
            File.WriteAllBytes(Path.Combine(_live, name), content.ToArray());
        }

        return PowerLossReport.Of(records, Path.GetFileName(Database), replay.LostWrites);
    }

    public void Dispose() => _folder.Dispose();

    private static bool IsDurable(string path) => !path.EndsWith("-shm", StringComparison.Ordinal);
}
