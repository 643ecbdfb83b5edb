using Carillon.Connections.WebSockets;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Shouldly;
using Xunit;

namespace Carillon.Connections.Tests.WebSockets;

/// <summary>Servers use a request's objects again for the next one, on HTTP/2 while the connection goes on: a link that has ended must not touch them.</summary>
public sealed class PipeLinkTests
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Abort_reaches_the_request_until_the_link_is_closed_and_not_afterwards(bool isConnect)
    {
        var request = new Request();
        var context = new DefaultHttpContext();
        context.Features.Set<IHttpResetFeature>(request);
        context.Features.Set<IHttpRequestLifetimeFeature>(request);
        WebSocketLink link = isConnect ? PipeLink.OfConnect(context, Stream.Null) : PipeLink.OfUpgrade(context, Stream.Null);

        link.Abort();
        link.Close();
        link.Abort();

        request.Told.ShouldBe([isConnect ? "reset 8" : "abort"]);
    }

    private sealed class Request : IHttpResetFeature, IHttpRequestLifetimeFeature
    {
        public List<string> Told { get; } = [];

        public CancellationToken RequestAborted { get; set; }

        public void Reset(int errorCode) => Told.Add($"reset {errorCode}");

        public void Abort() => Told.Add("abort");
    }
}
