using System.Globalization;

namespace Carillon.Bench.Linux;

/// <summary>Processor time from /proc: user and system time of all threads.</summary>
internal static class ProcessorTime
{
    /// <summary>USER_HZ: the unit of the times in /proc, 100 per second on every Linux that .NET runs on.</summary>
    private const double TicksPerSecond = 100;

    /// <summary>The time that all cores together have been busy, whoever with.</summary>
    public static TimeSpan OfMachine()
    {
        // cpu user nice system idle iowait irq softirq steal …
        string[] fields = File.ReadLines("/proc/stat").First().Split(' ', StringSplitOptions.RemoveEmptyEntries);
        int[] busy = [1, 2, 3, 6, 7, 8];
        return TimeSpan.FromSeconds(busy.Sum(field => long.Parse(fields[field], CultureInfo.InvariantCulture)) / TicksPerSecond);
    }

    public static TimeSpan Of(int processId)
    {
        string stat = File.ReadAllText($"/proc/{processId}/stat");
        // The name in parentheses may hold blanks; the fields after it are numbered from 3 (proc(5)): utime is 14, stime 15.
        string[] fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
        long ticks = long.Parse(fields[11], CultureInfo.InvariantCulture) + long.Parse(fields[12], CultureInfo.InvariantCulture);
        return TimeSpan.FromSeconds(ticks / TicksPerSecond);
    }
}
