namespace Carillon.Sqlite.Files;

/// <summary>
/// Keeps a second process off the database. The lock is on a file beside it, because closing any other handle of the database file itself
/// would drop SQLite's own locks in this process (sqlite.org, "How To Corrupt An SQLite Database File" §2.2). The operating system releases
/// it with the process, however that ends; the empty file stays, since deleting it would let two processes lock two files of one name.
/// </summary>
internal sealed class FileLock : IDisposable
{
    private const int WouldBlock = 11; // EWOULDBLOCK of Linux: another handle has the lock

    private readonly FileStream _file;

    private FileLock(FileStream file) => _file = file;

    /// <summary>Locks the database at <paramref name="databasePath"/>.</summary>
    /// <exception cref="SqliteDatabaseException">Another process, or another database object of this one, has it, or the file cannot be made.</exception>
    public static FileLock Acquire(string databasePath)
    {
        string path = databasePath + "-lock";
        try
        {
            return new FileLock(new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new SqliteDatabaseException(
                e is IOException { HResult: WouldBlock }
                    ? $"Database '{databasePath}' is in use by another process, which has locked '{path}'"
                    : $"Database '{databasePath}' cannot be opened: {e.Message}",
                e);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _file.Dispose();
}
