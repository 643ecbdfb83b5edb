using Carillon.Engines;
using Microsoft.Extensions.Logging.Abstractions;

namespace Carillon.Sqlite.Tests;

/// <summary>Makes databases for tests. The environment may choose the bundled library, so that one suite serves for both.</summary>
internal static class TestDatabase
{
    public const string LibraryVariable = "CARILLON_TEST_SQLITE_LIBRARY";

    public static NativeLibraryChoice Library { get; } =
        Enum.TryParse(Environment.GetEnvironmentVariable(LibraryVariable), out NativeLibraryChoice choice) ? choice : NativeLibraryChoice.Auto;

    public static SqliteOptions Options(string path) => new() { Path = path, NativeLibrary = Library };

    public static SqliteDatabase Create(string path, EngineOptions? options = null, TimeProvider? time = null, SqliteSeams? seams = null) =>
        Create(Options(path), options, time, seams);

    public static SqliteDatabase Create(SqliteOptions sqlite, EngineOptions? options = null, TimeProvider? time = null, SqliteSeams? seams = null) =>
        SqliteDatabase.Create(sqlite, options ?? new EngineOptions(), time ?? TimeProvider.System, NullLoggerFactory.Instance, seams ?? new SqliteSeams());
}
