using Carillon.Errors;
using Carillon.Publishing;

namespace Carillon.Sqlite.Writing;

/// <summary>Stores a message.</summary>
/// <param name="request">What to store.</param>
/// <param name="generatedId">The id to use when the request has none.</param>
internal sealed class PublishOperation(PublishRequest request, string? generatedId) : WriteOperation<PublishResult>
{
    /// <summary>Payload bytes that count as much as one more message, so that a transaction of large ones stays near 16 MiB.</summary>
    private const int BytesPerWeight = 16 * 1024;

    private static readonly Error DiskFull =
        new(ErrorCode.StorageFull, "Free disk space is below the configured floor; the message was not stored");

    /// <inheritdoc/>
    public override int Weight => 1 + (request.Payload.Length / BytesPerWeight);

    /// <inheritdoc/>
    protected override PublishResult Write(WriterConnection writer) =>
        writer.DiskFull ? PublishResult.Refused(DiskFull) : writer.Messages.Publish(request, generatedId);

    /// <inheritdoc/>
    protected override PublishResult Refuse(Error error) => PublishResult.Refused(error);
}
