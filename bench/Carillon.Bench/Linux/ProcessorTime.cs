using System.Globalization;

namespace Carillon.Bench.Linux;

/// <summary>Processor time of a process: user and system time of all its threads, from /proc/PID/stat.</summary>
internal static class ProcessorTime
{
    /// <summary>USER_HZ: the unit of the times in /proc, 100 per second on every Linux that .NET runs on.</summary>
    private const double TicksPerSecond = 100;

    public static TimeSpan Of(int processId)
    {
        string stat = File.ReadAllText($"/proc/{processId}/stat");
        // The name in parentheses may hold blanks; the fields after it are numbered from 3 (proc(5)): utime is 14, stime 15.
        string[] fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
        long ticks = long.Parse(fields[11], CultureInfo.InvariantCulture) + long.Parse(fields[12], CultureInfo.InvariantCulture);
        return TimeSpan.FromSeconds(ticks / TicksPerSecond);
    }
}
