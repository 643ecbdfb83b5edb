using Microsoft.Extensions.Logging;

namespace Carillon.Connections.Upgrades;

/// <summary>
/// What a listener does when no connection can be accepted: it says so, at most once in ten seconds, and pauses, because the same fault may come again at once.
/// To be used by one thread at a time.
/// </summary>
internal sealed class AcceptFaults(ILogger logger, TimeProvider time)
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan Silence = TimeSpan.FromSeconds(10);
    private long? _toldAt;
    private int _untold;

    /// <summary>Completes after the pause, or when the listener ends.</summary>
    public async Task OnFaultAsync(Exception fault, CancellationToken ended)
    {
        Tell(fault);
        await Task.Delay(Pause, time, ended).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private void Tell(Exception fault)
    {
        long now = time.GetTimestamp();
        if (_toldAt is { } told && time.GetElapsedTime(told, now) < Silence)
        {
            _untold++;
            return;
        }

        UpgradeLog.AcceptFault(logger, fault, _untold);
        _toldAt = now;
        _untold = 0;
    }
}
