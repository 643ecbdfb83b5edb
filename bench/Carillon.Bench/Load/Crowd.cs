using System.Diagnostics;
using Carillon.Bench.Linux;

namespace Carillon.Bench.Load;

/// <summary>Connects many clients at once.</summary>
internal static class Crowd
{
    /// <summary>Clients on their way in at any time; less than what servers let wait to be accepted.</summary>
    private const int MostOpening = 64;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    /// <summary>Connects until <paramref name="count"/> clients are open, some at a time.</summary>
    /// <param name="loop">Takes the links.</param>
    /// <param name="count">How many.</param>
    /// <param name="connect">Makes the link with the given number.</param>
    /// <param name="opened">Called for each link with the time it took, in Stopwatch ticks, as far as the loop's turns let it see.</param>
    public static void Connect(EventLoop loop, int count, Func<int, Link> connect, Action<long>? opened = null)
    {
        List<(Link Link, long Since)> opening = [];
        long deadline = Stopwatch.GetTimestamp() + Measurement.Ticks(Patience);
        for (int started = 0; started < count || opening.Count > 0;)
        {
            while (started < count && opening.Count < MostOpening)
            {
                long since = Stopwatch.GetTimestamp();
                Link link = connect(started++);
                loop.Add(link);
                opening.Add((link, since));
            }
            _ = loop.Poll(Patience);
            long now = Stopwatch.GetTimestamp();
            for (int i = opening.Count - 1; i >= 0; i--)
            {
                if (opening[i].Link.IsOpen)
                {
                    opened?.Invoke(now - opening[i].Since);
                    opening[i] = opening[^1];
                    opening.RemoveAt(opening.Count - 1);
                    deadline = now + Measurement.Ticks(Patience);
                }
            }
            if (now > deadline)
            {
                throw new LoadException($"{opening.Count} clients could not connect within {Patience.TotalSeconds} s.");
            }
        }
    }
}
