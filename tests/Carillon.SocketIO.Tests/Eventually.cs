namespace Carillon.SocketIO.Tests;

/// <summary>Waits for a condition that nothing announces.</summary>
internal static class Eventually
{
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(30);

    public static async Task BeTrueAsync(Func<bool> condition, Func<string>? state = null)
    {
        long start = TimeProvider.System.GetTimestamp();
        while (!condition())
        {
            if (TimeProvider.System.GetElapsedTime(start) > Longest)
            {
                throw new TimeoutException("The condition did not come true. " + state?.Invoke());
            }

            await Task.Delay(5);
        }
    }
}
