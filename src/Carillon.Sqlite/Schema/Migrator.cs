using System.Globalization;
using Carillon.Messages;
using Carillon.Sqlite.Files;
using Carillon.Sqlite.Native;
using Microsoft.Data.Sqlite;

namespace Carillon.Sqlite.Schema;

/// <summary>Brings a database to the schema of this program: each step once, in a transaction of its own, recorded in <c>schema_migrations</c>.</summary>
internal static class Migrator
{
    private const string CreateTable = """
        CREATE TABLE schema_migrations (
            number     INTEGER NOT NULL PRIMARY KEY,
            name       TEXT    NOT NULL,
            applied_at REAL    NOT NULL
        )
        """;

    /// <summary>Applies the steps that are missing.</summary>
    /// <returns>The steps that were applied.</returns>
    /// <exception cref="SqliteDatabaseException">The database is newer than this program or belongs to another one. It was not changed.</exception>
    public static IReadOnlyList<Migration> Apply(SqliteConnection connection, string path, IReadOnlyList<Migration> migrations, TimeProvider time)
    {
        bool isNew = Count(connection, "SELECT count(*) FROM sqlite_master") == 0;
        if (!isNew && Count(connection, "SELECT count(*) FROM sqlite_master WHERE type = 'table' AND name = 'schema_migrations'") == 0)
        {
            throw new SqliteDatabaseException($"Database '{path}' holds the tables of another program; choose another file");
        }

        long current = isNew ? 0 : Count(connection, "SELECT coalesce(max(number), 0) FROM schema_migrations");
        if (current > migrations[^1].Number)
        {
            throw new SqliteDatabaseException(
                $"Database '{path}' has schema {current}, this program knows schemas up to {migrations[^1].Number}: it was used by a newer version");
        }

        Migration[] missing = [.. migrations.Where(migration => migration.Number > current)];
        foreach (Migration migration in missing)
        {
            Apply(connection, migration, withTable: migration.Number == 1, time);
        }

        return missing;
    }

    private static void Apply(SqliteConnection connection, Migration migration, bool withTable, TimeProvider time)
    {
        DatabaseFile.Execute(connection, "BEGIN IMMEDIATE");
        try
        {
            if (withTable)
            {
                DatabaseFile.Execute(connection, CreateTable);
            }

            DatabaseFile.Execute(connection, migration.Sql);
            using var record = new PreparedStatement(connection, "INSERT INTO schema_migrations (number, name, applied_at) VALUES (?1, ?2, ?3)");
            record.Bind(1, migration.Number).Bind(2, migration.Name).Bind(3, UnixTime.Now(time)).Run();
            DatabaseFile.Execute(connection, "COMMIT");
        }
        catch
        {
            DatabaseFile.Execute(connection, "ROLLBACK");
            throw;
        }
    }

    private static long Count(SqliteConnection connection, string sql) =>
        long.Parse(DatabaseFile.Scalar(connection, sql), CultureInfo.InvariantCulture);
}
