using System.Buffers;
using System.IO.Pipelines;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Carillon.Connections.WebSockets;

/// <summary>A link that belongs to a request: the server's own transport pipe where there is one, else the stream that the request has become.</summary>
internal sealed class PipeLink : WebSocketLink
{
    private const int Cancel = 0x8; // RFC 9113 §7. A stream with this error is to HTTP/2 what a reset is to TCP: RFC 8441 §5.
    private readonly PipeReader _input;
    private readonly PipeWriter _output;
    private readonly HttpContext _context;
    private readonly IHttpResetFeature? _reset; // Of the HTTP/2 stream, which shares its connection with others.
    private readonly CancellationToken _aborted; // The server swallows what is written to a stream that the peer has reset; only the request tells.
    private readonly bool _ownsPipes;
    private readonly Lock _gate = new(); // Guards _closed. Held while the request is told to abort, which waits for nothing, so that it cannot end meanwhile.
    private bool _closed;
    private ReadOnlyMemory<byte> _rest; // A large frame, and what was added after it: not in the pipe yet, which would be flushed only when all of it was read.

    private PipeLink(PipeReader input, PipeWriter output, HttpContext context, IHttpResetFeature? reset, bool ownsPipes)
    {
        _input = input;
        _output = output;
        _context = context;
        _reset = reset;
        _aborted = context.RequestAborted;
        _ownsPipes = ownsPipes;
    }

    public override PipeReader Input => _input;

    public override bool IsLost => _aborted.IsCancellationRequested;

    /// <summary>The link of an upgraded HTTP/1.1 connection.</summary>
    public static PipeLink OfUpgrade(HttpContext context, Stream upgraded)
    {
        // Reading the pipe itself saves the stream's buffers and a task per read.
        IDuplexPipe? transport = context.Features.Get<IConnectionTransportFeature>()?.Transport;
        return transport is not null ? new PipeLink(transport.Input, transport.Output, context, null, ownsPipes: false) : Of(context, upgraded, null);
    }

    /// <summary>The link of an accepted extended CONNECT. The connection's transport is not its own: other streams use it as well.</summary>
    public static PipeLink OfConnect(HttpContext context, Stream accepted) => Of(context, accepted, context.Features.Get<IHttpResetFeature>());

    public override void Append(ReadOnlyMemory<byte> bytes)
    {
        if (_rest.IsEmpty && bytes.Length <= PartSize)
        {
            _output.Write(bytes.Span);
        }
        else
        {
            _rest = _rest.IsEmpty ? bytes : (byte[])[.. _rest.Span, .. bytes.Span];
        }
    }

    public override async ValueTask<bool> FlushAsync()
    {
        FlushResult result = await _output.FlushAsync();
        while (!_rest.IsEmpty && !result.IsCompleted && !result.IsCanceled)
        {
            Holder?.OnWriteProgress();
            int length = Math.Min(PartSize, _rest.Length);
            _output.Write(_rest.Span[..length]);
            _rest = _rest[length..];
            result = await _output.FlushAsync();
        }

        return !result.IsCompleted && !result.IsCanceled;
    }

    public override void Abort()
    {
        lock (_gate)
        {
            if (_closed)
            {
                return; // The server may use the request's objects for the next one.
            }

            if (_reset is not null)
            {
                _reset.Reset(Cancel);
            }
            else
            {
                _context.Abort();
            }
        }
    }

    public override void Close()
    {
        lock (_gate)
        {
            _closed = true;
        }

        if (_ownsPipes)
        {
            _input.Complete();
        }
    }

    private static PipeLink Of(HttpContext context, Stream stream, IHttpResetFeature? reset) => new(
        PipeReader.Create(stream, new StreamPipeReaderOptions(leaveOpen: true, useZeroByteReads: true)),
        PipeWriter.Create(stream, new StreamPipeWriterOptions(leaveOpen: true)),
        context,
        reset,
        ownsPipes: true);
}
