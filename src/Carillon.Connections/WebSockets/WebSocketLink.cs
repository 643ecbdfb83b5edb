using System.IO.Pipelines;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Http;

namespace Carillon.Connections.WebSockets;

/// <summary>The bytes' way to and from a peer after an upgrade: the server's own transport pipe where there is one, else the upgrade stream.</summary>
/// <param name="Input">What the peer sends.</param>
/// <param name="Output">What the peer gets.</param>
/// <param name="Abort">Breaks the connection at once; thread-safe.</param>
internal sealed record WebSocketLink(PipeReader Input, PipeWriter Output, Action Abort)
{
    public static WebSocketLink Open(HttpContext context, Stream upgraded)
    {
        // Reading the pipe itself saves the stream's buffers and a task per read.
        IDuplexPipe? transport = context.Features.Get<IConnectionTransportFeature>()?.Transport;
        return transport is not null
            ? new WebSocketLink(transport.Input, transport.Output, context.Abort)
            : new WebSocketLink(
                PipeReader.Create(upgraded, new StreamPipeReaderOptions(useZeroByteReads: true)), PipeWriter.Create(upgraded), context.Abort);
    }
}
