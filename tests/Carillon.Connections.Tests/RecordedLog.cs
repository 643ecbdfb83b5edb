using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace Carillon.Connections.Tests;

/// <summary>Keeps what was logged.</summary>
internal sealed class RecordedLog : ILoggerFactory, ILogger
{
    public ConcurrentQueue<string> Entries { get; } = new();

    public ILogger CreateLogger(string categoryName) => this;

    public void AddProvider(ILoggerProvider provider) => throw new NotSupportedException();

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
        Entries.Enqueue($"{formatter(state, exception)}: {exception?.Message}");

    public void Dispose()
    {
    }
}
