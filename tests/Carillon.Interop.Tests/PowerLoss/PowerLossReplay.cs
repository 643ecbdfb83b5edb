namespace Carillon.Interop.Tests.PowerLoss;

/// <summary>Builds the files of a directory as a power loss leaves them, from the files before and the journal of what was done since.</summary>
/// <remarks>
/// A write or truncation is certain once a later fsync of its file succeeded; a new name once its file or the directory was fsynced (as on
/// ext4 and XFS); an unlink or rename once the directory was.
/// </remarks>
internal sealed class PowerLossReplay
{
    private const int Sector = 512;
    private readonly IReadOnlyList<JournalRecord> _records;
    private readonly Dictionary<int, long> _syncedUpTo;
    private readonly long _directorySyncedUpTo;
    private readonly Random? _chance;

    private PowerLossReplay(IReadOnlyList<JournalRecord> records, Random? chance)
    {
        _records = records;
        _chance = chance;
        var everything = LastSync(JournalRecord.Everything);
        _syncedUpTo = records.Select(record => record.Object).Distinct().ToDictionary(file => file, file => Math.Max(everything, LastSync(file)));
        _directorySyncedUpTo = Math.Max(everything, LastSync(JournalRecord.Directory));

        long LastSync(int file) => records.Where(record => record.Kind == JournalRecordKind.Synced && record.Object == file).Select(record => record.Value).LastOrDefault();
    }

    /// <summary>Number of writes and truncations that did not survive, wholly or in part.</summary>
    public int LostWrites { get; private set; }

    /// <summary>Returns the surviving files by name. <paramref name="chance"/> is null where all that is uncertain is lost.</summary>
    public static (Dictionary<string, MemoryStream> Files, PowerLossReplay Replay) Run(
        IReadOnlyDictionary<string, byte[]> before, IReadOnlyList<JournalRecord> records, Random? chance)
    {
        var replay = new PowerLossReplay(records, chance);
        return (replay.Names(before), replay);
    }

    private Dictionary<string, MemoryStream> Names(IReadOnlyDictionary<string, byte[]> before)
    {
        Dictionary<string, MemoryStream> names = new(StringComparer.Ordinal);
        foreach (var (name, content) in before)
        {
            names[name] = Growing(content);
        }

        Dictionary<int, MemoryStream> files = [];
        for (var number = 0; number < _records.Count; number++)
        {
            var record = _records[number];
            switch (record.Kind)
            {
                case JournalRecordKind.Opened when !files.ContainsKey(record.Object):
                    files[record.Object] = Open(record, number, names);
                    break;
                case JournalRecordKind.Opened or JournalRecordKind.Truncated or JournalRecordKind.Written:
                    Apply(files[record.Object], record, number);
                    break;
                case JournalRecordKind.Unlinked when Survives(number < _directorySyncedUpTo):
                    names.Remove(record.Text);
                    break;
                case JournalRecordKind.Renamed when Survives(number < _directorySyncedUpTo):
                    var parts = record.Text.Split('\n');
                    names.Remove(parts[0]);
                    names[parts[1]] = files[record.Object];
                    break;
                default:
                    break;
            }
        }

        return names;
    }

    private MemoryStream Open(JournalRecord record, int number, Dictionary<string, MemoryStream> names)
    {
        if (!record.Created)
        {
            var known = names[record.Text];
            Apply(known, record, number);
            return known;
        }

        var file = Growing([]);
        if (Survives(number < _directorySyncedUpTo || number < _syncedUpTo[record.Object]))
        {
            names[record.Text] = file;
        }

        return file;
    }

    private void Apply(MemoryStream file, JournalRecord record, int number)
    {
        var certain = number < _syncedUpTo[record.Object];
        if (record.Kind == JournalRecordKind.Written)
        {
            Write(file, record, certain);
        }
        else if ((record.Kind == JournalRecordKind.Truncated || record.Emptied) && Kept(certain))
        {
            file.SetLength(record.Kind == JournalRecordKind.Truncated ? record.Value : 0);
        }
    }

    private void Write(MemoryStream file, JournalRecord record, bool certain)
    {
        var whole = true;
        for (var at = 0; at < record.Data.Length;)
        {
            // Up to the end of the sector of the file that the position lies in.
            var length = Math.Min(record.Data.Length - at, Sector - (int)((record.Value + at) % Sector));
            if (Survives(certain))
            {
                file.Position = record.Value + at;
                file.Write(record.Data.Span.Slice(at, length));
            }
            else
            {
                whole = false;
            }

            at += length;
        }

        LostWrites += whole ? 0 : 1;
    }

    private bool Kept(bool certain)
    {
        var kept = Survives(certain);
        LostWrites += kept ? 0 : 1;
        return kept;
    }

    private bool Survives(bool certain) => certain || _chance?.Next(2) == 1;

    private static MemoryStream Growing(byte[] content)
    {
        var stream = new MemoryStream();
        stream.Write(content);
        return stream;
    }
}
