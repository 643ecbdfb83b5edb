namespace Carillon.Interop.Tests.PowerLoss;

/// <summary>What the shim saw of one run of a server.</summary>
/// <param name="Writes">Writes to files of the directory.</param>
/// <param name="Syncs">Successful fsyncs of them.</param>
/// <param name="Checkpoints">Successful fsyncs of the database file itself: the ends of checkpoints.</param>
/// <param name="LostWrites">Writes that did not survive, wholly or in part.</param>
internal sealed record PowerLossReport(int Writes, int Syncs, int Checkpoints, int LostWrites)
{
    public static PowerLossReport Of(IReadOnlyList<JournalRecord> records, string database, int lostWrites)
    {
        var files = records.Where(record => record.Kind == JournalRecordKind.Opened && record.Text == database).Select(record => record.Object).ToHashSet();
        var syncs = records.Where(record => record.Kind == JournalRecordKind.Synced).ToList();
        return new PowerLossReport(
            records.Count(record => record.Kind == JournalRecordKind.Written),
            syncs.Count,
            syncs.Count(sync => files.Contains(sync.Object)),
            lostWrites);
    }
}
