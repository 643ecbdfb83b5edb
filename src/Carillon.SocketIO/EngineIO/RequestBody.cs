using System.Buffers;
using System.IO.Pipelines;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Carillon.SocketIO.EngineIO;

/// <summary>A whole request body in a pooled buffer, read up to a limit.</summary>
internal sealed class RequestBody : IDisposable
{
    private const int FirstBuffer = 1024;
    private byte[]? _buffer;
    private int _length;

    public ReadOnlyMemory<byte> Bytes => _buffer.AsMemory(0, _length);

    /// <summary>Why it could not be read, to be answered.</summary>
    public EngineError? Error { get; private set; }

    /// <summary>The body broke off: what the client has sent, and will send, is unknown.</summary>
    public bool WasAborted { get; private set; }

    public static async ValueTask<RequestBody> ReadAsync(HttpContext context, int limit)
    {
        var body = new RequestBody();
        if (context.Request.ContentLength > limit)
        {
            body.Error = EngineError.PayloadTooLarge;
            return body;
        }

        if (context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } feature)
        {
            feature.MaxRequestBodySize = 2L * limit; // It counts the framing of chunks as well; the limit itself is kept below.
        }

        try
        {
            await body.FillAsync(context.Request.BodyReader, limit, context.RequestAborted);
        }
        catch (BadHttpRequestException error) when (error.StatusCode == StatusCodes.Status413PayloadTooLarge)
        {
            body.Error = EngineError.PayloadTooLarge;
        }
        catch (BadHttpRequestException error)
        {
            body.Error = EngineError.BadRequest with { Status = error.StatusCode }; // Malformed chunks, or a body that came too slowly.
            body.WasAborted = true;
        }
        catch (Exception error) when (error is IOException or OperationCanceledException)
        {
            body.Error = EngineError.BadRequest;
            body.WasAborted = true;
        }

        return body;
    }

    public void Dispose()
    {
        byte[]? buffer = Interlocked.Exchange(ref _buffer, null);
        if (buffer is not null)
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private async ValueTask FillAsync(PipeReader reader, int limit, CancellationToken aborted)
    {
        while (true)
        {
            ReadResult result = await reader.ReadAsync(aborted);
            if (result.Buffer.Length > limit - _length)
            {
                Error = EngineError.PayloadTooLarge;
                reader.AdvanceTo(result.Buffer.End);
                return;
            }

            Append(result.Buffer);
            reader.AdvanceTo(result.Buffer.End);
            if (result.IsCompleted)
            {
                return;
            }
        }
    }

    private void Append(in ReadOnlySequence<byte> bytes)
    {
        int total = _length + (int)bytes.Length;
        if (_buffer is null || _buffer.Length < total)
        {
            byte[] larger = ArrayPool<byte>.Shared.Rent(Math.Max(total, Math.Max(_length * 2, FirstBuffer)));
            Bytes.CopyTo(larger);
            Dispose();
            _buffer = larger;
        }

        bytes.CopyTo(_buffer.AsSpan(_length));
        _length = total;
    }
}
