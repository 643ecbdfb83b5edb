using System.Globalization;

namespace Carillon.Bench.Linux;

/// <summary>The kernel's table of TCP sockets over IPv4 (<c>/proc/net/tcp</c>, proc(5)), both ends of the loopback's connections in it.</summary>
internal static class TcpTable
{
    private const string Established = "01";

    /// <summary>The open ends of connections to or from a port: whose both ports are in the result, the local one first.</summary>
    public static IEnumerable<(int Local, int Remote, long Unsent, long Unread)> Open() =>
        from line in File.ReadLines("/proc/net/tcp").Skip(1)
        let fields = line.Split(' ', StringSplitOptions.RemoveEmptyEntries)
        where fields[3] == Established
        let queues = fields[4].Split(':')
        select (Port(fields[1]), Port(fields[2]), Hexadecimal(queues[0]), Hexadecimal(queues[1]));

    private static int Port(string address) => (int)Hexadecimal(address.Split(':')[1]);

    private static long Hexadecimal(string digits) => long.Parse(digits, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);
}
