using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Carillon.Sqlite.Native;

/// <summary>Turns result codes into exceptions.</summary>
internal static class SqliteFault
{
    /// <summary>Throws what <paramref name="database"/> says about <paramref name="result"/>, unless that is success.</summary>
    /// <exception cref="SqliteException">The call failed.</exception>
    public static void Check(int result, sqlite3 database)
    {
        if (result != raw.SQLITE_OK)
        {
            Throw(result, database);
        }
    }

    /// <exception cref="SqliteException">Always.</exception>
    /// <summary>Throws what <paramref name="database"/> says about <paramref name="result"/>.</summary>
    public static void Throw(int result, sqlite3 database) => throw new SqliteException(
        $"SQLite error {result}: {raw.sqlite3_errmsg(database).utf8_to_string()}", result & 0xFF, raw.sqlite3_extended_errcode(database));
}
