using Carillon.Connections.WebSockets;
using Shouldly;
using Xunit;

namespace Carillon.Connections.Tests.WebSockets;

/// <summary>A WebSocket that an HTTP/1.1 connection has become: one that lives in its request, or one that is held without.</summary>
public abstract class UpgradedWebSocketTests(bool held) : WebSocketConnectionTests
{
    [Fact]
    public async Task Handshake_answers_the_key_of_the_request()
    {
        using RawClient client = await RawClient.ConnectAsync(Host.Port);

        client.Handshake.ShouldStartWith("HTTP/1.1 101");
        client.Handshake.ShouldContain("Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=");
    }

    [Theory]
    [InlineData("Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n", "400")]
    [InlineData("Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: c2hvcnQ=\r\n", "400")]
    [InlineData("Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: !!!!!!!!!!!!!!!!!!!!!!!!\r\n", "400")]
    [InlineData("Upgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n", "400")]
    [InlineData("Connection: Upgrade\r\nUpgrade: h2c\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n", "400")]
    [InlineData("Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 8\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n", "426")]
    public async Task Handshake_that_breaks_a_rule_is_refused(string headers, string status)
    {
        using RawClient client = await RawClient.ConnectAsync(Host.Port, request: $"GET /ws HTTP/1.1\r\nHost: localhost\r\n{headers}\r\n");

        client.Handshake.ShouldStartWith("HTTP/1.1 " + status);
        if (status == "426")
        {
            client.Handshake.ShouldContain("Sec-WebSocket-Version: 13");
        }
    }

    private protected override Task<WebSocketHost> StartAsync(WebSocketConnectionOptions options) => WebSocketHost.StartAsync(options, held: held);

    private protected override Task<RawClient> ConnectAsync(WebSocketHost host, int? receiveBuffer = null) => RawClient.ConnectAsync(host.Port, receiveBuffer);
}
