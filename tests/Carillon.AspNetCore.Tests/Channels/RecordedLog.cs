using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace Carillon.AspNetCore.Tests.Channels;

/// <summary>Keeps what channel sockets and topic sockets log.</summary>
internal sealed class RecordedLog : ILoggerProvider
{
    public ConcurrentQueue<(LogLevel Level, string Text)> Entries { get; } = new();

    public ILogger CreateLogger(string categoryName) => new Logger(this, categoryName);

    public void Dispose()
    {
    }

    private sealed class Logger(RecordedLog log, string category) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => category is "Carillon.ChannelSockets" or "Carillon.WebSockets";

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (IsEnabled(logLevel))
            {
                log.Entries.Enqueue((logLevel, $"{formatter(state, exception)}: {exception?.Message}"));
            }
        }
    }
}
