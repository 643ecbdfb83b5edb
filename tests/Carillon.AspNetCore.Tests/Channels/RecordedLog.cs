using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace Carillon.AspNetCore.Tests.Channels;

/// <summary>Keeps what is logged in some categories.</summary>
internal sealed class RecordedLog(params IReadOnlyList<string> categories) : ILoggerProvider
{
    public ConcurrentQueue<(LogLevel Level, string Text)> Entries { get; } = new();

    public ILogger CreateLogger(string categoryName) => new Logger(this, categories.Contains(categoryName));

    public void Dispose()
    {
    }

    private sealed class Logger(RecordedLog log, bool isKept) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => isKept;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (IsEnabled(logLevel))
            {
                log.Entries.Enqueue((logLevel, $"{formatter(state, exception)}: {exception?.Message}"));
            }
        }
    }
}
