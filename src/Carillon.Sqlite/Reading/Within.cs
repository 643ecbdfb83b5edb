using System.Runtime.InteropServices;

namespace Carillon.Sqlite.Reading;

/// <summary>Ids or offsets between two bounds, both excluded.</summary>
/// <param name="Low">The greatest number that is too small.</param>
/// <param name="High">The smallest number that is too great.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct Within(long Low, long High)
{
    public bool IsEmpty => Low >= High - 1;

    /// <summary>Every number from 1 on, or those beyond a cursor.</summary>
    public static Within FromCursor(long? cursor, bool ascending) =>
        ascending ? new Within(cursor ?? 0, long.MaxValue) : new Within(0, cursor ?? long.MaxValue);

    public Within After(long low) => this with { Low = Math.Max(Low, low) };

    public Within NotBefore(long first) => After(first - 1);

    public Within EndingBefore(long end) => this with { High = Math.Min(High, end) };
}
