using System.Runtime.InteropServices;

namespace Carillon.Sqlite.Reading;

/// <summary>
/// How much a page may still take: rows up to its limit, and payloads up to 16 MiB, so that a thousand large messages asked for at once do not
/// stand in memory together. A page has at least one row, however large.
/// </summary>
[StructLayout(LayoutKind.Auto)]
internal struct PageBudget(int rows)
{
    public const int MaxPayloadBytes = 16 * 1024 * 1024;

    private int _rows = rows;
    private int _bytes = MaxPayloadBytes;

    /// <summary>True when one more row of that size fits; then it is counted.</summary>
    public bool TryTake(int payloadBytes)
    {
        if (_rows == 0 || (payloadBytes > _bytes && _bytes < MaxPayloadBytes))
        {
            return false;
        }

        _rows--;
        _bytes -= Math.Min(payloadBytes, _bytes);
        return true;
    }
}
