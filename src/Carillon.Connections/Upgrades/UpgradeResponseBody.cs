using System.Globalization;
using System.Net.Sockets;
using System.Text;
using Microsoft.AspNetCore.Http;

namespace Carillon.Connections.Upgrades;

/// <summary>
/// The body of an answer that is not an upgrade. Its first write starts the response; a body of unannounced length goes in chunks (RFC 9112 §7.1), so that the
/// connection can serve on. Not thread-safe.
/// </summary>
internal sealed class UpgradeResponseBody(UpgradeResponse response, Socket socket, TimeProvider time) : Stream
{
    /// <summary>How long one write may wait for the client.</summary>
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(10);

    private long _length;
    private bool _chunked;
    private bool _ending;

    public override bool CanRead => false;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    private bool AllowsBody => response.StatusCode is >= 200 and not StatusCodes.Status204NoContent and not StatusCodes.Status304NotModified;

    /// <summary>
    /// Ends the response, with what <paramref name="writer"/> still holds. False if what was written is not what was announced: the connection is of no further use.
    /// </summary>
    public async ValueTask<bool> EndAsync(StreamResponseBodyFeature writer)
    {
        _ending = true;
        await writer.CompleteAsync();
        if (!response.HasStarted)
        {
            await response.PrepareAsync();
            if (AllowsBody && response.Headers.ContentLength is null)
            {
                response.Headers.ContentLength = 0;
            }

            await SendAsync(response.Start(), CancellationToken.None);
        }
        else if (_chunked)
        {
            await SendAsync("0\r\n\r\n"u8.ToArray(), CancellationToken.None);
        }

        return _chunked || !AllowsBody || response.Headers.ContentLength == _length;
    }

    // The flush that comes with the end of a response without a body must not start it as one with a body.
    public override Task FlushAsync(CancellationToken cancellationToken) => _ending ? Task.CompletedTask : StartAsync(cancellationToken);

    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        await StartAsync(cancellationToken);
        if (buffer.IsEmpty)
        {
            return;
        }

        if (!AllowsBody || (!_chunked && _length + buffer.Length > response.Headers.ContentLength))
        {
            throw new InvalidOperationException("More was written to the response than its head allows.");
        }

        _length += buffer.Length;
        if (_chunked)
        {
            await SendAsync(Encoding.ASCII.GetBytes(buffer.Length.ToString("x", CultureInfo.InvariantCulture) + "\r\n"), cancellationToken);
        }

        await SendAsync(buffer, cancellationToken);
        if (_chunked)
        {
            await SendAsync("\r\n"u8.ToArray(), cancellationToken);
        }
    }

    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override void Flush() => throw NoSynchronousWrites();

    public override void Write(byte[] buffer, int offset, int count) => throw NoSynchronousWrites();

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    private static InvalidOperationException NoSynchronousWrites() => new("Synchronous writes to a response are not allowed.");

    private async Task StartAsync(CancellationToken cancellationToken)
    {
        if (response.HasStarted)
        {
            return;
        }

        await response.PrepareAsync();
        if (AllowsBody && response.Headers.ContentLength is null)
        {
            response.Headers.TransferEncoding = "chunked";
            _chunked = true;
        }

        await SendAsync(response.Start(), cancellationToken);
    }

    private async ValueTask SendAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
        using var late = new CancellationTokenSource(Longest, time);
        using CancellationTokenRegistration given = cancellationToken.UnsafeRegister(static source => ((CancellationTokenSource)source!).Cancel(), late);
        await socket.SendAsync(bytes, SocketFlags.None, late.Token);
    }
}
