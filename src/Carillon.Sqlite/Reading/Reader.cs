using Carillon.Sqlite.Native;
using Microsoft.Data.Sqlite;

namespace Carillon.Sqlite.Reading;

/// <summary>A read-only connection with the statements it has been asked for.</summary>
/// <remarks>Used by one thread at a time.</remarks>
internal sealed class Reader(SqliteConnection connection) : IDisposable
{
    private readonly Dictionary<string, PreparedStatement> _statements = new(StringComparer.Ordinal);

    /// <summary>Opens the short transaction in which a query sees one state of the file.</summary>
    public void Begin() => Prepare("BEGIN").Run();

    /// <summary>Lets go of that state.</summary>
    public void End() => Prepare("COMMIT").Run();

    /// <summary>The statement for one of our own texts, compiled at its first use.</summary>
    public PreparedStatement Prepare(string sql)
    {
        if (!_statements.TryGetValue(sql, out PreparedStatement? statement))
        {
            statement = new PreparedStatement(connection, sql);
            _statements.Add(sql, statement);
        }

        return statement;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (PreparedStatement statement in _statements.Values)
        {
            statement.Dispose();
        }

        connection.Dispose();
    }
}
