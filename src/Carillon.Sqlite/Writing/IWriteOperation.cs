using Carillon.Errors;

namespace Carillon.Sqlite.Writing;

/// <summary>Something that waits to be written. It takes part in one transaction and is then completed or failed, each exactly once.</summary>
internal interface IWriteOperation
{
    /// <summary>How much of a transaction it takes up; a plain message counts 1.</summary>
    int Weight { get; }

    /// <summary>Writes, inside the transaction, on the writer thread. A fault of the database is thrown and fails the whole transaction.</summary>
    void Execute(WriterConnection writer);

    /// <summary>The transaction is committed: tells whoever waits, whose continuation runs elsewhere.</summary>
    void Complete();

    /// <summary>The transaction is not, or not known to be, committed.</summary>
    void Fail(Error error);
}
