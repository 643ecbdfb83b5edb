namespace Carillon.Interop.Tests.PowerLoss;

/// <summary>One record of the journal that <c>native/powerloss.c</c> writes. Its number is its position in the journal.</summary>
/// <param name="Kind">What was done.</param>
/// <param name="Object">The file's number, or one of the special values of <see cref="JournalRecord"/>.</param>
/// <param name="Value">The offset of a write, the new size of a truncation, the flags of an open, the number of records a sync covers.</param>
/// <param name="Data">What was written, or names.</param>
internal readonly record struct JournalRecord(JournalRecordKind Kind, int Object, long Value, ReadOnlyMemory<byte> Data)
{
    public const int Directory = 0;
    public const int Everything = -1;
    private const int HeaderLength = 24;

    /// <summary>The file did not exist before it was opened.</summary>
    public bool Created => (Value & 1) != 0;

    /// <summary>The file was truncated when it was opened.</summary>
    public bool Emptied => (Value & 2) != 0;

    public string Text => System.Text.Encoding.UTF8.GetString(Data.Span);

    /// <summary>All whole records of a journal; a record that was cut off by the kill did not happen.</summary>
    public static IReadOnlyList<JournalRecord> ReadAll(ReadOnlyMemory<byte> journal)
    {
        List<JournalRecord> records = [];
        while (journal.Length >= HeaderLength)
        {
            var header = journal.Span;
            var length = BitConverter.ToInt64(header[16..]);
            if (journal.Length - HeaderLength < length)
            {
                break;
            }

            records.Add(new JournalRecord(
                (JournalRecordKind)BitConverter.ToInt32(header),
                BitConverter.ToInt32(header[4..]),
                BitConverter.ToInt64(header[8..]),
                journal.Slice(HeaderLength, (int)length)));
            journal = journal[(HeaderLength + (int)length)..];
        }

        return records;
    }
}
