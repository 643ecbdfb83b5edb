using System.Net;
using System.Net.WebSockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Carillon.Connections.WebSockets;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Shouldly;
using Xunit;

namespace Carillon.Connections.Tests.WebSockets;

/// <summary>WebSockets on streams of an HTTP/2 connection: RFC 8441.</summary>
public sealed class Http2WebSocketTests : WebSocketConnectionTests
{
    private const int Cancel = 8;
    private readonly List<Http2Client> _clients = [];

    [Fact]
    public async Task Handshake_is_answered_with_200_and_neither_a_key_nor_an_extension()
    {
        using HttpResponseMessage response = await Client(Host).AskAsync("/ws");

        response.StatusCode.ShouldBe(HttpStatusCode.OK);
        response.Version.ShouldBe(HttpVersion.Version20);
        response.Headers.ShouldNotContain(static header => header.Key.StartsWith("Sec-", StringComparison.OrdinalIgnoreCase));
    }

    [Theory]
    [InlineData("websocket", null, "13")]
    [InlineData("websocket", "8", "13")]
    [InlineData("WebSocket", "13, 8", "13")]
    [InlineData("other", "13", null)]
    public async Task Handshake_that_breaks_a_rule_is_refused(string protocol, string? version, string? supported)
    {
        using HttpResponseMessage response = await Client(Host).AskAsync("/ws", protocol, version);

        response.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        (response.Headers.TryGetValues("Sec-WebSocket-Version", out IEnumerable<string>? values) ? values.Single() : null).ShouldBe(supported);
    }

    [Fact]
    public async Task Request_that_is_no_connect_is_refused()
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/ws") { Version = HttpVersion.Version20, VersionPolicy = HttpVersionPolicy.RequestVersionExact };
        request.Headers.Add("Sec-WebSocket-Version", "13");

        using HttpResponseMessage response = await Client(Host).Http.SendAsync(request);

        response.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Messages_of_a_stock_client_are_exchanged_over_tls_with_the_servers_default_protocols(bool held)
    {
        using X509Certificate2 certificate = WebSocketTlsTests.MakeCertificate();
        await using WebSocketHost host = await WebSocketHost.StartAsync(certificate: certificate, held: held);
        using var http = new Http2Client(host.Port, certificate);
        using var client = new ClientWebSocket();
        client.Options.HttpVersion = HttpVersion.Version20;
        client.Options.HttpVersionPolicy = HttpVersionPolicy.RequestVersionExact;
        client.Options.CollectHttpResponseDetails = true;
        client.Options.DangerousDeflateOptions = new WebSocketDeflateOptions(); // Offered, and not agreed to.
        await client.ConnectAsync(new Uri($"wss://localhost:{host.Port}/ws"), http.Http, default);
        client.HttpStatusCode.ShouldBe(HttpStatusCode.OK);
        client.HttpResponseHeaders!.ShouldNotContain(static header => header.Key.StartsWith("sec-websocket", StringComparison.OrdinalIgnoreCase));
        byte[] message = RandomNumberGenerator.GetBytes(900_000);

        for (int i = 0; i < 3; i++)
        {
            await client.SendAsync(message, WebSocketMessageType.Binary, endOfMessage: true, default);
            var echo = new byte[message.Length];
            int length = 0;
            while (length < echo.Length)
            {
                length += (await client.ReceiveAsync(echo.AsMemory(length), default)).Count;
            }

            echo.ShouldBe(message);
        }

        await client.CloseAsync(WebSocketCloseStatus.EndpointUnavailable, "done", default);
        client.CloseStatus.ShouldBe(WebSocketCloseStatus.EndpointUnavailable);
        (await (await host.NextAsync()).EndAsync()).ShouldBe(WebSocketEnd.ClosedByPeer);
    }

    [Fact]
    public async Task Reset_in_the_middle_of_a_frame_ends_that_websocket_and_none_beside_it()
    {
        Http2Client connection = Client(Host);
        using RawClient neighbour = await connection.ConnectAsync();
        await Host.NextAsync();
        WebSocketHost.Accepted accepted;
        using (RawClient client = await connection.ConnectAsync())
        {
            accepted = await Host.NextAsync();
            await client.SendAsync(ClientFrames.Text(new string('x', 100_000))[..60_000]);
        }

        (await accepted.EndAsync()).ShouldBe(WebSocketEnd.Lost);
        await ShouldEchoAsync(neighbour, "still here");
    }

    [Fact]
    public async Task Abort_of_the_server_cancels_that_stream_and_none_beside_it()
    {
        Http2Client connection = Client(Host);
        using RawClient neighbour = await connection.ConnectAsync();
        await Host.NextAsync();
        using RawClient client = await connection.ConnectAsync();
        WebSocketHost.Accepted accepted = await Host.NextAsync();

        accepted.Connection.Abort();

        IOException reset = await Should.ThrowAsync<IOException>(() => client.ReadAsync(1));
        reset.GetBaseException().ShouldBeOfType<HttpProtocolException>().ErrorCode.ShouldBe(Cancel);
        (await accepted.EndAsync()).ShouldBe(WebSocketEnd.ClosedHere);
        await ShouldEchoAsync(neighbour, "still here");
    }

    [Fact]
    public async Task Limits_of_request_bodies_are_not_those_of_a_websocket()
    {
        await using WebSocketHost host = await WebSocketHost.StartAsync(held: false, endpoint: static endpoint =>
        {
            endpoint.Protocols = HttpProtocols.Http2;
            KestrelServerLimits limits = endpoint.KestrelServerOptions.Limits;
            limits.MaxRequestBodySize = 1000;
            limits.MinRequestBodyDataRate = new MinDataRate(bytesPerSecond: 1_000_000, gracePeriod: TimeSpan.FromSeconds(1.1));
        });
        using var connection = new Http2Client(host.Port);
        using RawClient client = await connection.ConnectAsync();

        await ShouldEchoAsync(client, new string('x', 10_000));
        await Task.Delay(TimeSpan.FromSeconds(3)); // Far slower than a request's body might be.
        await ShouldEchoAsync(client, "slow");
    }

    public override async ValueTask DisposeAsync()
    {
        _clients.ForEach(static client => client.Dispose());
        await base.DisposeAsync();
    }

    private protected override Task<WebSocketHost> StartAsync(WebSocketConnectionOptions options) =>
        WebSocketHost.StartAsync(options, endpoint: static endpoint => endpoint.Protocols = HttpProtocols.Http2);

    private protected override Task<RawClient> ConnectAsync(WebSocketHost host, int? receiveBuffer = null) => Client(host).ConnectAsync();

    private static async Task ShouldEchoAsync(RawClient client, string text)
    {
        await client.SendAsync(ClientFrames.Text(text));
        (await client.ReadTextAsync()).ShouldBe(text);
    }

    private Http2Client Client(WebSocketHost host)
    {
        var client = new Http2Client(host.Port);
        _clients.Add(client);
        return client;
    }
}
