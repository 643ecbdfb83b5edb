using System.Diagnostics.Metrics;
using Carillon.Sqlite.Files;
using Carillon.Sqlite.Writing;

namespace Carillon.Sqlite.Diagnostics;

/// <summary>The instruments of one database, under the meter <c>Carillon.Sqlite</c>.</summary>
internal sealed class SqliteMetrics : IDisposable
{
    public const string MeterName = "Carillon.Sqlite";

    private readonly Meter _meter = new(MeterName);
    private readonly Histogram<double> _commitDuration;
    private readonly Counter<long> _commits;
    private readonly Counter<long> _messages;
    private readonly Counter<long> _deleted;
    private readonly Counter<long> _restarts;

    public SqliteMetrics(WriteQueue queue, DatabaseFile file)
    {
        _commitDuration = _meter.CreateHistogram<double>(
            "carillon.sqlite.commit.duration", "s", "Time of one transaction of the writer, from its begin to the end of its commit");
        _commits = _meter.CreateCounter<long>("carillon.sqlite.commits", "{commit}", "Transactions committed by the writer");
        _messages = _meter.CreateCounter<long>("carillon.sqlite.messages", "{message}", "Messages stored");
        _deleted = _meter.CreateCounter<long>("carillon.sqlite.deleted", "{message}", "Messages deleted by retention");
        _restarts = _meter.CreateCounter<long>("carillon.sqlite.restarts", "{restart}", "Times the writer was restarted after a fault");
        _meter.CreateObservableGauge("carillon.sqlite.queue.length", () => queue.Count, "{operation}", "Writes that wait for the writer");
        _meter.CreateObservableGauge("carillon.sqlite.wal.size", () => Size(file.WalPath), "By", "Size of the write-ahead log file");
        _meter.CreateObservableGauge("carillon.sqlite.database.size", () => Size(file.Path), "By", "Size of the database file");
    }

    public void Committed(TimeSpan duration, int messages)
    {
        _commitDuration.Record(duration.TotalSeconds);
        _commits.Add(1);
        if (messages > 0)
        {
            _messages.Add(messages);
        }
    }

    public void Deleted(int messages) => _deleted.Add(messages);

    public void Restarted() => _restarts.Add(1);

    /// <inheritdoc/>
    public void Dispose() => _meter.Dispose();

    // Asks for the size without opening the file: closing a handle would drop SQLite's locks.
    private static long Size(string path) => new FileInfo(path) is { Exists: true } file ? file.Length : 0;
}
