using Shouldly;

namespace Carillon.Connections.Tests;

/// <summary>Waits for what no event tells.</summary>
internal static class Eventually
{
    /// <summary>Returns when the condition holds, which it is asked every few milliseconds; fails after 30 s.</summary>
    public static async Task ShouldAsync(Func<bool> condition)
    {
        long started = TimeProvider.System.GetTimestamp();
        while (!condition())
        {
            TimeProvider.System.GetElapsedTime(started).ShouldBeLessThan(TimeSpan.FromSeconds(30));
            await Task.Delay(5);
        }
    }
}
