using System.Text;
using Carillon.Messages;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Carillon.Sqlite.Native;

/// <summary>
/// A statement that is compiled once and run many times, without the objects and strings that ADO.NET makes for each run.
/// Parameters are numbered from 1, columns from 0.
/// </summary>
/// <remarks>Not thread-safe; belongs to whoever uses its connection.</remarks>
internal sealed class PreparedStatement : IDisposable
{
    /// <summary>Names are at most 255 bytes; what is longer takes a buffer of its own.</summary>
    private const int NameBuffer = 256;

    private readonly sqlite3 _database;
    private readonly sqlite3_stmt _statement;
    private readonly int _parameters;

    /// <summary>Compiles <paramref name="sql"/>.</summary>
    /// <exception cref="SqliteException">It does not compile.</exception>
    public PreparedStatement(SqliteConnection connection, string sql)
    {
        _database = connection.Handle!;
        Check(raw.sqlite3_prepare_v2(_database, sql, out _statement));
        _parameters = raw.sqlite3_bind_parameter_count(_statement);
    }

    public PreparedStatement Bind(int parameter, long value)
    {
        Check(raw.sqlite3_bind_int64(_statement, parameter, value));
        return this;
    }

    /// <summary>Binds a time as the schema keeps it: Unix seconds.</summary>
    public PreparedStatement Bind(int parameter, UnixTime value)
    {
        Check(raw.sqlite3_bind_double(_statement, parameter, value.Seconds));
        return this;
    }

    /// <summary>Binds a time, or NULL for null.</summary>
    public PreparedStatement Bind(int parameter, UnixTime? value) => value is { } time ? Bind(parameter, time) : Bind(parameter, (string?)null);

    public PreparedStatement Bind(int parameter, ReadOnlySpan<byte> utf8)
    {
        // An empty span has no address, and without one SQLite binds NULL.
        Check(utf8.IsEmpty ? raw.sqlite3_bind_text(_statement, parameter, string.Empty) : raw.sqlite3_bind_text(_statement, parameter, utf8));
        return this;
    }

    /// <summary>Binds text, or NULL for null.</summary>
    public PreparedStatement Bind(int parameter, string? value)
    {
        if (value is null)
        {
            Check(raw.sqlite3_bind_null(_statement, parameter));
            return this;
        }

        int most = Encoding.UTF8.GetMaxByteCount(value.Length);
        Span<byte> utf8 = most <= NameBuffer ? stackalloc byte[NameBuffer] : new byte[most];
        return Bind(parameter, utf8[..Encoding.UTF8.GetBytes(value, utf8)]);
    }

    /// <summary>Binds where the text has a parameter of that number or a higher one.</summary>
    public PreparedStatement BindIfUsed(int parameter, string? value) => parameter <= _parameters ? Bind(parameter, value) : this;

    /// <inheritdoc cref="BindIfUsed(int, string?)"/>
    public PreparedStatement BindIfUsed(int parameter, long value) => parameter <= _parameters ? Bind(parameter, value) : this;

    /// <summary>Runs to the next row.</summary>
    /// <returns>True when there is one, false at the end.</returns>
    public bool Step()
    {
        int result = raw.sqlite3_step(_statement);
        if (result == raw.SQLITE_ROW)
        {
            return true;
        }

        if (result != raw.SQLITE_DONE)
        {
            Throw(result);
        }

        return false;
    }

    /// <summary>Runs a statement that has no rows to the end, ready to be bound again.</summary>
    public void Run()
    {
        try
        {
            Step();
        }
        finally
        {
            Reset();
        }
    }

    /// <summary>Runs to the end of a look-up.</summary>
    /// <returns>The number in its first row; null when there is none.</returns>
    public long? First()
    {
        long? first = Step() ? Int64(0) : null;
        Reset();
        return first;
    }

    /// <summary>Ends the run; bound values stay.</summary>
    public void Reset() => _ = raw.sqlite3_reset(_statement); // It repeats the error of the last step, which was thrown already.

    /// <summary>Rows that the last finished INSERT, UPDATE or DELETE of the connection changed.</summary>
    public int Changes => raw.sqlite3_changes(_database);

    public bool IsNull(int column) => raw.sqlite3_column_type(_statement, column) == raw.SQLITE_NULL;

    public long Int64(int column) => raw.sqlite3_column_int64(_statement, column);

    public UnixTime Time(int column) => UnixTime.FromSeconds(raw.sqlite3_column_double(_statement, column));

    /// <summary>The bytes of a text, valid until the next step or reset.</summary>
    public ReadOnlySpan<byte> Utf8(int column) => raw.sqlite3_column_blob(_statement, column);

    public string Text(int column) => Encoding.UTF8.GetString(Utf8(column));

    public string? TextOrNull(int column) => IsNull(column) ? null : Text(column);

    /// <inheritdoc/>
    public void Dispose() => _statement.Dispose();

    private void Check(int result)
    {
        if (result != raw.SQLITE_OK)
        {
            Throw(result);
        }
    }

    private void Throw(int result) => throw new SqliteException(
        $"SQLite error {result}: {raw.sqlite3_errmsg(_database).utf8_to_string()}", result & 0xFF, raw.sqlite3_extended_errcode(_database));
}
