namespace Carillon.Sqlite;

/// <summary>
/// The database could not be opened: no such directory, not an SQLite file, another program's tables, a newer schema, or in use by another
/// process. The message is a sentence for the operator and names the file. Nothing in the file was changed.
/// </summary>
public sealed class SqliteDatabaseException : Exception
{
    /// <summary>Without a cause; for the conventions of exceptions only.</summary>
    public SqliteDatabaseException()
        : this("The database cannot be opened")
    {
    }

    /// <summary>With a sentence for the operator.</summary>
    public SqliteDatabaseException(string message)
        : base(message)
    {
    }

    /// <summary>With a sentence for the operator and the cause.</summary>
    public SqliteDatabaseException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
