using Carillon.Engines;

namespace Carillon.Sqlite.Reading;

/// <summary>The bounds of a page.</summary>
internal static class PageLimit
{
    /// <summary>Throws unless a query asks for 1 to 1,000 rows.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It does not.</exception>
    public static void Check(int limit)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(limit, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(limit, Page<object>.MaxLimit);
    }
}
