using System.Text.Json;
using Carillon.Connections.Tests.WebSockets;
using Shouldly;
using Xunit;

namespace Carillon.Connections.Tests.Upgrades;

/// <summary>What comes over the wire is treated as Kestrel treats it: by Kestrel itself, or in the same way.</summary>
public sealed class DoubtfulHeadTests : IAsyncLifetime
{
    private const string Key = "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n";
    private const string Rest = "Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n" + Key;
    private UpgradeHost _host = null!;
    private UpgradeHost _plain = null!;

    public static TheoryData<string> Doubtful =>
    [
        "GET /seen HTTP/1.1\r\n" + Rest + "\r\n",
        "GET /seen HTTP/1.1\r\nHost: a\r\nHost: b\r\n" + Rest + "\r\n",
        "GET /seen HTTP/1.1\r\nHost: a b\r\n" + Rest + "\r\n",
        "GET /seen HTTP/1.1\r\nHost: a/b\r\n" + Rest + "\r\n",
        "GET /seen HTTP/1.1\r\nHost: a\r\n" + Rest + Key + "\r\n",
        "GET /seen HTTP/1.1\r\nHost: a\r\n" + Rest + "Upgrade: h2c\r\n\r\n",
        "GET /seen HTTP/1.1\r\nHost: a\r\n" + Rest + "Connection: close\r\n\r\n",
        "GET /seen HTTP/1.1\r\nHost: a\r\n" + Rest + "Content-Length: 0\r\n\r\n",
        "GET /seen HTTP/1.1\r\nHost: a\r\n" + Rest + "Content-Length: 3\r\n\r\nabc",
        "GET /seen HTTP/1.1\r\nHost: a\r\n" + Rest + "Content-Length: 3\r\nContent-Length: 4\r\n\r\nabc",
        "GET /seen HTTP/1.1\r\nHost: a\r\n" + Rest + "Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        "GET /seen HTTP/1.1\r\nHost: a\r\n" + Rest + "Transfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n0\r\n\r\n",
        "GET /seen HTTP/1.1\r\nHost: a\r\n" + Rest + "Expect: 100-continue\r\n\r\n",
        "GET /seen HTTP/1.1\r\nHost: a\r\n" + Rest + "X: one\r\n two\r\n\r\n",
        "GET /seen HTTP/1.1\r\n Host: a\r\nHost: a\r\n" + Rest + "\r\n",
        "GET /seen HTTP/1.1\r\nHost : a\r\n" + Rest + "\r\n",
        "GET /seen HTTP/1.1\r\nHost: a\r\n" + Rest + "no colon\r\n\r\n",
        "GET /seen HTTP/1.1\r\nHost: a\r\n" + Rest + ": no name\r\n\r\n",
        "GET /seen HTTP/1.1\r\nHost: a\r\n" + Rest + "X\u00e9: latin\r\n\r\n",
        "GET /seen HTTP/1.1\r\nHost: a\r\n" + Rest + "X: \u00c3\u00a9\r\n\r\n",
        "GET /seen HTTP/1.1\r\nHost: a\r\n" + Rest + "X: \u00ff\u00fe\r\n\r\n",
        "GET /seen HTTP/1.1\r\nHost: a\r\n" + Rest + "X: nul\0\r\n\r\n",
        "GET /seen HTTP/1.1\r\nHost: a\r\n" + Rest + "X: bare\rreturn\r\n\r\n",
        "GET /seen HTTP/1.1\r\nHost: a\r\n" + Rest + "X: bare\nreturn\r\n\r\n",
        "GET /seen HTTP/1.1\nHost: a\n" + Rest + "\r\n",
        "GET /seen HTTP/1.1\r\nHost: a\r\n" + Rest + "X: y\n\r\n\r\n",
        "GET /seen HTTP/1.0\r\nHost: a\r\n" + Rest + "\r\n",
        "GET /seen HTTP/1.2\r\nHost: a\r\n" + Rest + "\r\n",
        "GET  /seen HTTP/1.1\r\nHost: a\r\n" + Rest + "\r\n",
        "GET /seen  HTTP/1.1\r\nHost: a\r\n" + Rest + "\r\n",
        "GET /seen\tHTTP/1.1\r\nHost: a\r\n" + Rest + "\r\n",
        "get /seen HTTP/1.1\r\nHost: a\r\n" + Rest + "\r\n",
        "POST /seen HTTP/1.1\r\nHost: a\r\n" + Rest + "\r\n",
        "GET http://a/seen HTTP/1.1\r\nHost: a\r\n" + Rest + "\r\n",
        "GET seen HTTP/1.1\r\nHost: a\r\n" + Rest + "\r\n",
        "GET * HTTP/1.1\r\nHost: a\r\n" + Rest + "\r\n",
        "GET /%73een HTTP/1.1\r\nHost: a\r\n" + Rest + "\r\n",
        "GET /seen%00 HTTP/1.1\r\nHost: a\r\n" + Rest + "\r\n",
        "GET /seen%ff HTTP/1.1\r\nHost: a\r\n" + Rest + "\r\n",
        "GET /x/../seen HTTP/1.1\r\nHost: a\r\n" + Rest + "\r\n",
        "GET /./seen HTTP/1.1\r\nHost: a\r\n" + Rest + "\r\n",
        "GET /seen\u00e9 HTTP/1.1\r\nHost: a\r\n" + Rest + "\r\n",
        "GET /seen?\u00c3\u00a9 HTTP/1.1\r\nHost: a\r\n" + Rest + "\r\n",
        "GET /seen?a\"b HTTP/1.1\r\nHost: a\r\n" + Rest + "\r\n",
        "GET /seen#x HTTP/1.1\r\nHost: a\r\n" + Rest + "\r\n",
        "\r\nGET /seen HTTP/1.1\r\nHost: a\r\n" + Rest + "\r\n",
        "GET /seen HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABkAAQAAP__\r\n\r\n",
        "GET /seen HTTP/1.1\r\nHost: a\r\nUpgrade: websocket\r\nConnection: Upgrade, X-Hop\r\nSec-WebSocket-Version: 13\r\n" + Key + "\r\n",
        "GET /seen HTTP/1.1\r\nHost: a\r\n" + Rest + "X-Long: " + new string('x', 9000) + "\r\n\r\n",
        "GET /seen HTTP/1.1\r\nHost: a\r\n" + Rest + string.Concat(Enumerable.Range(0, 101).Select(static i => $"X{i}: y\r\n")) + "\r\n",
        "GET /seen?" + new string('x', 9000) + " HTTP/1.1\r\nHost: a\r\n" + Rest + "\r\n",
        "GET /seen HTTP/1.1\r\nHost: a\r\n" + Rest + "X: a\tb\r\n\r\n",
        "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
    ];

    public static TheoryData<string> Clean =>
    [
        "GET /seen HTTP/1.1\r\nHost: localhost\r\n" + Rest + "\r\n",
        "GET /seen HTTP/1.1\r\nhOST: [::1]:80\r\n" + Rest + "\r\n",
        "GET /seen/? HTTP/1.1\r\nHost: a\r\n" + Rest + "\r\n",
        "GET /SEEN?EIO=4&transport=websocket&x=%20+%C3%A9&x=2&=&%zz HTTP/1.1\r\nHost: a:1\r\n" + Rest + "\r\n",
        "GET /seen?/../?%2e%2e HTTP/1.1\r\nHost: a\r\n" + Rest + "\r\n",
        "GET /seen HTTP/1.1\r\nHost:   a  \t\r\n" + Rest + "X-Empty:\r\nX-Twice: 1\r\nx-twice: 2\r\n\r\n",
        "GET /seen HTTP/1.1\r\nHost: a\r\nupgrade: WebSocket\r\nconnection: keep-alive, Upgrade\r\nsec-websocket-version: 13\r\n" + Key
            + "user-agent: Mozilla/5.0 (X11)\r\norigin: https://example.org\r\ncookie: a=b; c=d%20e\r\ncookie: f=g\r\n"
            + "sec-websocket-extensions: permessage-deflate; client_max_window_bits\r\nsec-websocket-protocol: one, two\r\n"
            + "accept-language: de, en;q=0.5\r\ncache-control: no-cache\r\npragma: no-cache\r\nauthorization: Bearer x.y.z\r\n\r\n",
    ];

    public async ValueTask InitializeAsync()
    {
        _host = await UpgradeHost.StartAsync();
        _plain = await UpgradeHost.StartAsync(held: false);
    }

    public async ValueTask DisposeAsync()
    {
        await _host.DisposeAsync();
        await _plain.DisposeAsync();
    }

    [Theory]
    [MemberData(nameof(Doubtful))]
    public async Task Head_that_leaves_a_doubt_is_answered_by_kestrel(string request)
    {
        string expected = await AnswerAsync(_plain, request);

        string answer = await AnswerAsync(_host, request);

        answer.ShouldBe(expected);
        _host.KestrelConnections.ShouldBe(1);
    }

    [Theory]
    [MemberData(nameof(Clean))]
    public async Task Clean_head_shows_the_endpoint_what_kestrel_would_show(string request)
    {
        string expected = await AnswerAsync(_plain, request);
        expected.ShouldStartWith("HTTP/1.1 200");

        string answer = await AnswerAsync(_host, request);

        answer.ShouldContain("X-Way: held");
        answer.Replace("X-Way: held", "X-Way: kestrel", StringComparison.Ordinal).ShouldBe(expected);
    }

    [Fact]
    public async Task Second_request_behind_an_upgrade_is_no_request()
    {
        using RawClient client = await RawClient.OpenAsync(_host.Port);

        await client.SendAsync(System.Text.Encoding.ASCII.GetBytes(RawClient.Upgrade("/ws") + "GET /way HTTP/1.1\r\nHost: a\r\n\r\n"));

        (await client.ReadHeadAsync()).ShouldStartWith("HTTP/1.1 101");
        (await client.ReadCloseAsync()).Code.ShouldBe(1002); // "G" and "E" are no WebSocket header.
    }

    // Status, and what the endpoint saw if it was asked. Dates and ports differ.
    private static async Task<string> AnswerAsync(UpgradeHost host, string request)
    {
        using RawClient client = await RawClient.OpenAsync(host.Port);
        try
        {
            (string head, string body) = await client.AskAsync(request);
            string[] fields = [.. head.Split("\r\n").Where(static line => !line.StartsWith("Date: ", StringComparison.Ordinal)).Order(StringComparer.Ordinal)];
            return $"{head.Split("\r\n")[0]}\n{string.Join('\n', fields)}\n{(body.StartsWith('{') ? JsonDocument.Parse(body).RootElement.ToString() : body)}";
        }
        catch (EndOfStreamException)
        {
            return "closed";
        }
    }
}
