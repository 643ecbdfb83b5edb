using System.Buffers;
using System.IO.Pipelines;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Http;

namespace Carillon.Connections.WebSockets;

/// <summary>A link that belongs to a request: the server's own transport pipe where there is one, else the upgrade stream.</summary>
internal sealed class PipeLink(PipeReader input, PipeWriter output, HttpContext context) : WebSocketLink
{
    public override PipeReader Input => input;

    public static PipeLink Open(HttpContext context, Stream upgraded)
    {
        // Reading the pipe itself saves the stream's buffers and a task per read.
        IDuplexPipe? transport = context.Features.Get<IConnectionTransportFeature>()?.Transport;
        return transport is not null
            ? new PipeLink(transport.Input, transport.Output, context)
            : new PipeLink(
                PipeReader.Create(upgraded, new StreamPipeReaderOptions(useZeroByteReads: true)), PipeWriter.Create(upgraded), context);
    }

    public override void Append(ReadOnlyMemory<byte> bytes) => output.Write(bytes.Span);

    public override async ValueTask<bool> FlushAsync()
    {
        FlushResult result = await output.FlushAsync();
        return !result.IsCompleted && !result.IsCanceled;
    }

    public override void Abort() => context.Abort();
}
