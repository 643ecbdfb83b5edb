using System.Diagnostics;

namespace Carillon.Interop.Tests.Waiting;

/// <summary>Waits for a condition that can only be seen by asking again.</summary>
internal static class Eventually
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(15);

    /// <summary>Asks until the answer is right, and returns it; fails with the last answer at the deadline.</summary>
    public static async Task<T> BecomesAsync<T>(Func<Task<T>> ask, Func<T, bool> isRight, string expectation, TimeSpan? deadline = null)
    {
        var patience = deadline ?? Deadlines.Usual;
        var started = Stopwatch.GetTimestamp();
        while (true)
        {
            var answer = await ask();
            if (isRight(answer))
            {
                return answer;
            }

            if (Stopwatch.GetElapsedTime(started) > patience)
            {
                throw new TimeoutException($"Not within {patience.TotalSeconds} s: {expectation}. Last seen: {Describe(answer)}");
            }

            await Task.Delay(Interval);
        }
    }

    private static string Describe<T>(T answer) => answer is System.Collections.IEnumerable items and not string
        ? string.Join("\n", items.Cast<object>())
        : $"{answer}";
}
