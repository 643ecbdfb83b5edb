using System.Diagnostics;
using System.Runtime.InteropServices;

namespace Carillon.Bench.Report;

/// <summary>Where the figures were measured.</summary>
/// <param name="Cores">Processor cores, shared by server and generator.</param>
/// <param name="System">Operating system and processor architecture.</param>
/// <param name="Runtime">The .NET runtime.</param>
/// <param name="CongestionControl">TCP's, of new connections: one of the kernel's settings that move the cost of a write.</param>
/// <param name="FileSystem">The file system under the databases.</param>
/// <param name="SyncMilliseconds">Median time of a 4 KiB append with fsync there: it bounds what one publisher alone can reach.</param>
internal sealed record Machine(int Cores, string System, string Runtime, string CongestionControl, string FileSystem, double SyncMilliseconds)
{
    private const int Probes = 101;

    public static Machine Probe(string directory) => new(
        Environment.ProcessorCount,
        $"{RuntimeInformation.OSDescription}, {RuntimeInformation.ProcessArchitecture}",
        RuntimeInformation.FrameworkDescription,
        File.ReadAllText("/proc/sys/net/ipv4/tcp_congestion_control").Trim(),
        new DriveInfo(directory).DriveFormat,
        ProbeSync(Path.Combine(directory, "fsync-probe")));

    public override string ToString() =>
        $"{Cores} cores shared by server and generator; {System}; {Runtime}; TCP {CongestionControl}; {FileSystem}, 4 KiB append + fsync {SyncMilliseconds:F2} ms";

    private static double ProbeSync(string path)
    {
        using FileStream file = new(path, FileMode.Create, FileAccess.Write, FileShare.None, bufferSize: 0, FileOptions.DeleteOnClose);
        byte[] page = new byte[4096];
        double[] times = new double[Probes];
        for (int i = 0; i < Probes; i++)
        {
            long start = Stopwatch.GetTimestamp();
            file.Write(page);
            file.Flush(flushToDisk: true);
            times[i] = Stopwatch.GetElapsedTime(start).TotalMilliseconds;
        }
        Array.Sort(times);
        return times[Probes / 2];
    }
}
