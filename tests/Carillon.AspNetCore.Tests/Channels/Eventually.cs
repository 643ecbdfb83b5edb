using Shouldly;

namespace Carillon.AspNetCore.Tests.Channels;

/// <summary>Waits for what no event tells.</summary>
internal static class Eventually
{
    public static Task ShouldAsync(Func<bool> condition) => ShouldAsync(() => ValueTask.FromResult(condition()));

    /// <summary>Returns when the condition holds, which it is asked every few milliseconds; fails after 30 s.</summary>
    public static async Task ShouldAsync(Func<ValueTask<bool>> condition)
    {
        long started = TimeProvider.System.GetTimestamp();
        while (!await condition())
        {
            TimeProvider.System.GetElapsedTime(started).ShouldBeLessThan(TimeSpan.FromSeconds(30));
            await Task.Delay(5);
        }
    }
}
