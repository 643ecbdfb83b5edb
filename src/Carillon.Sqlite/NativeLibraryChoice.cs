namespace Carillon.Sqlite;

/// <summary>Which SQLite library is used. The choice holds for the process: the first database that is opened makes it.</summary>
public enum NativeLibraryChoice
{
    /// <summary>The system's <c>libsqlite3.so.0</c> when it is there and newer than the bundled one, else the bundled one. The default.</summary>
    Auto,

    /// <summary>The library that came with the package, whatever the system has.</summary>
    Bundled,
}
