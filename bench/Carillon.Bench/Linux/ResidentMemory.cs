using System.Globalization;

namespace Carillon.Bench.Linux;

/// <summary>A process's memory from /proc.</summary>
internal static class ResidentMemory
{
    /// <summary>VmRSS in bytes: the pages that are in memory now.</summary>
    public static long Of(int processId)
    {
        string line = File.ReadLines($"/proc/{processId}/status").First(line => line.StartsWith("VmRSS:", StringComparison.Ordinal));
        return long.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[^2], CultureInfo.InvariantCulture) * 1024;
    }
}
