using System.Diagnostics;

namespace Carillon.Engines.Conformance;

/// <summary>Waits for a condition that another thread brings about.</summary>
public static class Eventually
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    /// <summary>Returns as soon as <paramref name="condition"/> holds.</summary>
    /// <param name="condition">Asked again and again, a few milliseconds apart.</param>
    /// <param name="what">The sentence for the failure.</param>
    /// <exception cref="TimeoutException">It did not hold within 20 seconds.</exception>
    public static async Task HoldsAsync(Func<Task<bool>> condition, string what)
    {
        ArgumentNullException.ThrowIfNull(condition);
        long start = Stopwatch.GetTimestamp();
        while (!await condition())
        {
            if (Stopwatch.GetElapsedTime(start) > Patience)
            {
                throw new TimeoutException($"Did not come true within {Patience.TotalSeconds} s: {what}");
            }

            await Task.Delay(5);
        }
    }

    /// <summary>Returns as soon as <paramref name="condition"/> holds.</summary>
    public static Task HoldsAsync(Func<bool> condition, string what)
    {
        ArgumentNullException.ThrowIfNull(condition);
        return HoldsAsync(() => Task.FromResult(condition()), what);
    }
}
