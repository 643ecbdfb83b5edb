using Microsoft.Extensions.Logging;

namespace Carillon.Fuzz;

/// <summary>Keeps the first message that tells of a fault of the server.</summary>
internal sealed class FaultLog : ILogger
{
    public string? Fault { get; private set; }

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Error;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        if (IsEnabled(logLevel))
        {
            Fault ??= $"{formatter(state, exception)} {exception}";
        }
    }
}
