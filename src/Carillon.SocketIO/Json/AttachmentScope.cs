namespace Carillon.SocketIO.Json;

/// <summary>
/// The attachments of the packet that the current thread is serializing or deserializing. Converters of <c>System.Text.Json</c> run synchronously and
/// cannot be handed anything, so they find it here.
/// </summary>
internal readonly ref struct AttachmentScope
{
    [ThreadStatic]
    private static List<ReadOnlyMemory<byte>>? _written;

    [ThreadStatic]
    private static ReadOnlyMemory<byte>[]? _read;

    private readonly List<ReadOnlyMemory<byte>>? _outerWritten;
    private readonly ReadOnlyMemory<byte>[]? _outerRead;

    private AttachmentScope(List<ReadOnlyMemory<byte>>? written, ReadOnlyMemory<byte>[]? read)
    {
        _outerWritten = _written;
        _outerRead = _read;
        _written = written;
        _read = read;
    }

    /// <summary>Where binary values that are being written go, or null: then they are written as base64 text.</summary>
    public static List<ReadOnlyMemory<byte>>? Written => _written;

    /// <summary>What placeholders that are being read stand for, or null.</summary>
    public static ReadOnlyMemory<byte>[]? Received => _read;

    public static AttachmentScope Write(List<ReadOnlyMemory<byte>> attachments) => new(attachments, null);

    public static AttachmentScope Read(ReadOnlyMemory<byte>[] attachments) => new(null, attachments);

    public void Dispose()
    {
        _written = _outerWritten;
        _read = _outerRead;
    }
}
