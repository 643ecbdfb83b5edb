using Carillon.Server.Settings.Reading;

namespace Carillon.Server.Reloading;

/// <summary>
/// Looks at the settings' files at an interval and puts what changed in force. A change is taken up when two looks find the same, so that a file is not read while it is being written.
/// As long as settings are wrong, or not wholly in force, they are tried again: what is wrong may be in a file that only they name, and a database that was away comes back.
/// </summary>
/// <param name="source">Where settings come from.</param>
/// <param name="live">The settings in force.</param>
/// <param name="seen">The fingerprint of what the server was started with.</param>
/// <param name="interval">How often it looks.</param>
/// <param name="time">The clock.</param>
/// <param name="logger">Tells what is wrong with a change.</param>
internal sealed partial class SettingsWatch(
    SettingsSource source, LiveSettings live, string seen, TimeSpan interval, TimeProvider time, ILogger<SettingsWatch> logger) : BackgroundService
{
    private string _handled = seen;
    private string? _candidate;
    private string? _refused;
    private string? _refusedAs; // the fingerprint of what was refused
    private string[] _present = Present(source);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(interval, time);
        await using CancellationTokenRegistration stopping = stoppingToken.Register(timer.Dispose); // Ends the wait without an exception, which a start that fails would log.
        while (await timer.WaitForNextTickAsync(CancellationToken.None))
        {
            try
            {
                await LookAsync(stoppingToken);
            }
            catch (Exception fault) when (fault is not OutOfMemoryException && !stoppingToken.IsCancellationRequested)
            {
                LogFault(fault);
            }
        }
    }

    private static string[] Present(SettingsSource source) => [.. source.Files.Where(File.Exists)];

    private async Task LookAsync(CancellationToken cancellationToken)
    {
        string found = source.Fingerprint(live.Files);
        bool isSettled = found == _candidate;
        _candidate = found;
        if (isSettled && (found != _handled || _refused is not null))
        {
            await ReloadAsync(cancellationToken); // One that throws is not handled, and comes again.
            _handled = _refused is null ? _handled : found;
        }
    }

    private async Task ReloadAsync(CancellationToken cancellationToken)
    {
        // Without its file the server would fall back to no tokens and open topics.
        if (Array.Find(_present, static file => !File.Exists(file)) is { } missing)
        {
            Refuse($"{missing} is gone; put it back, or start the server anew without it");
            return;
        }

        SettingsReading reading = source.Read(live.Files);
        Reload reload = reading.Plan is { } plan ? await live.ApplyAsync(plan, cancellationToken) : Reload.Refused(reading.Problems);
        if (reload.Problems.Count > 0)
        {
            Refuse(string.Join("; ", reload.Problems), reload.IsInForce);
            return;
        }

        _handled = reading.Fingerprint;
        _refused = null;
        _present = Present(source);
    }

    private void Refuse(string problems, bool isInForce = false)
    {
        if (problems == _refused && _candidate == _refusedAs)
        {
            return; // Nothing was written since.
        }

        _refused = problems;
        _refusedAs = _candidate;
        if (isInForce)
        {
            LogUnfinished(problems);
        }
        else
        {
            LogRefused(problems);
        }
    }

    [LoggerMessage(1, LogLevel.Error, "The changed settings are wrong, and the old ones stay in force: {Problems}")]
    private partial void LogRefused(string problems);

    [LoggerMessage(2, LogLevel.Error, "Looking for changed settings failed")]
    private partial void LogFault(Exception fault);

    [LoggerMessage(3, LogLevel.Error, "The changed settings are in force but for what could not be done, which is tried again: {Problems}")]
    private partial void LogUnfinished(string problems);
}
