namespace Carillon.Interop.Tests.PowerLoss;

/// <summary>The kinds of <c>native/powerloss.c</c>, with the same numbers.</summary>
internal enum JournalRecordKind
{
    None = 0,
    Opened = 1,
    Written = 2,
    Truncated = 3,
    Synced = 4,
    Unlinked = 5,
    Renamed = 6,
    Unsupported = 7,
}
