using Carillon.Errors;

namespace Carillon.Sqlite.Writing;

/// <summary>A write whose caller waits for a <typeparamref name="T"/>. It is its own completion source, so a write is one object.</summary>
internal abstract class WriteOperation<T>() : TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously), IWriteOperation
{
    private T _result = default!;

    /// <inheritdoc/>
    public virtual int Weight => 1;

    /// <inheritdoc/>
    public void Execute(WriterConnection writer) => _result = Write(writer);

    /// <inheritdoc/>
    public void Complete() => TrySetResult(_result);

    /// <inheritdoc/>
    public void Fail(Error error) => TrySetResult(Refuse(error));

    /// <summary>Writes and says what the caller is told after the commit.</summary>
    protected abstract T Write(WriterConnection writer);

    /// <summary>What the caller is told when nothing, or nothing certain, was written.</summary>
    protected abstract T Refuse(Error error);
}
