using Carillon.Sqlite.Native;
using Microsoft.Data.Sqlite;

namespace Carillon.Sqlite.Tests;

/// <summary>Looks into a file, or changes it, behind the engine's back, as an operator's shell does.</summary>
internal static class Raw
{
    public static SqliteConnection Open(string path)
    {
        SqliteLibrary.Load(TestDatabase.Library);
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = path, Pooling = false }.ToString());
        connection.Open();
        return connection;
    }

    public static void Execute(string path, string sql)
    {
        using SqliteConnection connection = Open(path);
        Execute(connection, sql);
    }

    public static void Execute(SqliteConnection connection, string sql)
    {
        using SqliteCommand command = connection.CreateCommand();
#pragma warning disable CA2100 // Texts of the tests themselves.
        command.CommandText = sql;
#pragma warning restore CA2100
        command.ExecuteNonQuery();
    }

    /// <summary>The rows, each as its columns joined by a bar.</summary>
    public static IReadOnlyList<string> Rows(string path, string sql)
    {
        using SqliteConnection connection = Open(path);
        return Rows(connection, sql);
    }

    public static IReadOnlyList<string> Rows(SqliteConnection connection, string sql)
    {
        using SqliteCommand command = connection.CreateCommand();
#pragma warning disable CA2100 // Texts of the tests themselves.
        command.CommandText = sql;
#pragma warning restore CA2100
        using SqliteDataReader reader = command.ExecuteReader();
        var rows = new List<string>();
        while (reader.Read())
        {
            rows.Add(string.Join('|', Enumerable.Range(0, reader.FieldCount).Select(i => Convert.ToString(reader.GetValue(i)))));
        }

        return rows;
    }
}
