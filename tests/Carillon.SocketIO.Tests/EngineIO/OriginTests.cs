using System.Net;
using System.Net.WebSockets;
using Carillon.SocketIO.EngineIO;
using Microsoft.Extensions.Options;
using Shouldly;
using Xunit;

namespace Carillon.SocketIO.Tests.EngineIO;

public sealed class OriginTests
{
    private const string Site = "https://example.org";

    [Theory]
    [InlineData("", null, null)]
    [InlineData("*", "*", null)]
    [InlineData("https://example.org", "https://example.org", "true")]
    [InlineData("https://other.example", null, null)]
    public async Task Response_names_the_origin_only_if_it_is_allowed(string allowed, string? expected, string? credentials)
    {
        await using TestApplication application = await TestApplication.StartAsync(Apps.Echo, With(allowed));
        using var request = new HttpRequestMessage(HttpMethod.Get, "/socket.io/?EIO=4&transport=polling");
        request.Headers.Add("Origin", Site);

        using HttpResponseMessage response = await application.Client.SendAsync(request);

        Header(response, "Access-Control-Allow-Origin").ShouldBe(expected);
        Header(response, "Access-Control-Allow-Credentials").ShouldBe(credentials);
    }

    [Fact]
    public async Task Preflight_is_answered_with_the_methods_and_the_headers_asked_for()
    {
        await using TestApplication application = await TestApplication.StartAsync(Apps.Echo, With(Site));
        using var request = new HttpRequestMessage(HttpMethod.Options, "/socket.io/?EIO=4&transport=polling");
        request.Headers.Add("Origin", Site);
        request.Headers.Add("Access-Control-Request-Method", "POST");
        request.Headers.Add("Access-Control-Request-Headers", "x-token");

        using HttpResponseMessage response = await application.Client.SendAsync(request);

        response.StatusCode.ShouldBe(HttpStatusCode.NoContent);
        Header(response, "Access-Control-Allow-Origin").ShouldBe(Site);
        Header(response, "Access-Control-Allow-Methods").ShouldBe("GET, POST");
        Header(response, "Access-Control-Allow-Headers").ShouldBe("x-token");
        application.Server.ConnectionCount.ShouldBe(0);
    }

    [Theory]
    [InlineData("", false)]
    [InlineData("*", true)]
    [InlineData("https://example.org", true)]
    [InlineData("https://other.example", false)]
    public async Task WebSocket_of_another_sites_page_is_accepted_only_if_the_site_is_allowed(string allowed, bool accepted)
    {
        await using TestApplication application = await TestApplication.StartAsync(Apps.Echo, With(allowed));
        using var client = new EngineClient(application.Address);

        if (accepted)
        {
            using EngineWebSocket socket = await client.OpenWebSocketAsync(Site);
            (await socket.ReadAsync()).ShouldStartWith("0{");
        }
        else
        {
            (await Should.ThrowAsync<WebSocketException>(() => client.OpenWebSocketAsync(Site))).Message.ShouldContain("403");
        }
    }

    [Theory]
    [InlineData("", false)]
    [InlineData("*", true)]
    [InlineData("https://example.org", true)]
    [InlineData("https://other.example", false)]
    public async Task Polling_handshake_of_another_sites_page_is_accepted_only_if_the_site_is_allowed(string allowed, bool accepted)
    {
        await using TestApplication application = await TestApplication.StartAsync(Apps.Echo, With(allowed));

        (HttpStatusCode status, string body) = await ShakeHandsAsync(application, Site);

        status.ShouldBe(accepted ? HttpStatusCode.OK : HttpStatusCode.Forbidden);
        body.ShouldStartWith(accepted ? "0{" : """{"code":4,"message":"Forbidden"}""");
        application.Server.ConnectionCount.ShouldBe(accepted ? 1 : 0);
    }

    [Theory]
    [InlineData("null")]
    [InlineData("https://example.org.example.net")]
    [InlineData("http://example.org")]
    [InlineData("https://example.org:8443")]
    public async Task Origin_that_differs_in_any_part_is_another_sites(string origin)
    {
        await using TestApplication application = await TestApplication.StartAsync(Apps.Echo, With(Site));

        (await ShakeHandsAsync(application, origin)).Status.ShouldBe(HttpStatusCode.Forbidden);
    }

    [Fact]
    public async Task Own_page_behind_a_proxy_that_renames_the_host_can_poll_and_post()
    {
        await using TestApplication application = await TestApplication.StartAsync(Apps.Echo);
        using var client = new EngineClient(application.Address);
        await client.OpenPollingAsync(); // Browsers name no origin when a page asks its own site, but when it posts.
        client.Http.DefaultRequestHeaders.Add("Origin", Site);

        (await client.PostAsync("40")).Status.ShouldBe(HttpStatusCode.OK);
        (await client.PollPacketsAsync()).Single().ShouldStartWith("40{");
    }

    [Fact]
    public async Task WebSocket_of_another_sites_page_for_a_session_is_refused_and_the_session_stays()
    {
        await using TestApplication application = await TestApplication.StartAsync(Apps.Echo);
        using var client = new EngineClient(application.Address);
        await client.OpenPollingAsync();

        (await Should.ThrowAsync<WebSocketException>(() => client.OpenWebSocketAsync(Site))).Message.ShouldContain("403");

        (await client.PostAsync("40")).Status.ShouldBe(HttpStatusCode.OK);
    }

    [Theory]
    [InlineData("https://example.org/")]
    [InlineData("https://example.org/path")]
    [InlineData("https://example.org?y")]
    [InlineData("https://example.org#y")]
    [InlineData("https://user@example.org")]
    [InlineData("https://user:secret@example.org")]
    [InlineData("https://example.org:443")]
    [InlineData("https://*.example.org")]
    [InlineData("https://b\u00fccher.example")]
    [InlineData("https://")]
    [InlineData("//example.org")]
    [InlineData("example.org")]
    [InlineData("mailto:someone@example.org")]
    [InlineData(" https://example.org")]
    [InlineData("null")]
    [InlineData("")]
    [InlineData(null)]
    public void Origin_that_no_browser_sends_is_no_setting(string? origin)
    {
        EngineIOOptions.IsOrigin(origin).ShouldBeFalse();
        Should.Throw<OptionsValidationException>(() => new SocketIOOptions { AllowedOrigins = [origin!] }.Validate()).Message.ShouldContain("AllowedOrigins");
    }

    [Theory]
    [InlineData("*")]
    [InlineData("http://localhost:3000")]
    [InlineData("https://Example.org")]
    [InlineData("https://xn--bcher-kva.example:8443")]
    [InlineData("http://127.0.0.1")]
    [InlineData("http://[::1]:8080")]
    [InlineData("capacitor://localhost")]
    [InlineData("chrome-extension://abcdefghijklmnopabcdefghijklmnop")]
    public void Origin_as_browsers_send_it_is_a_setting(string origin) => new SocketIOOptions { AllowedOrigins = [origin] }.Validate();

    [Fact]
    public async Task WebSocket_of_the_servers_own_page_is_accepted()
    {
        await using TestApplication application = await TestApplication.StartAsync(Apps.Echo);
        using var client = new EngineClient(application.Address);

        using EngineWebSocket socket = await client.OpenWebSocketAsync("https://" + application.Address.Authority);

        (await socket.ReadAsync()).ShouldStartWith("0{");
    }

    private static SocketIOOptions With(string allowed) => new() { AllowedOrigins = allowed.Length == 0 ? [] : [allowed] };

    private static async Task<(HttpStatusCode Status, string Body)> ShakeHandsAsync(TestApplication application, string origin)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/socket.io/?EIO=4&transport=polling");
        request.Headers.Add("Origin", origin);
        using HttpResponseMessage response = await application.Client.SendAsync(request);
        return (response.StatusCode, await response.Content.ReadAsStringAsync());
    }

    private static string? Header(HttpResponseMessage response, string name) =>
        response.Headers.TryGetValues(name, out IEnumerable<string>? values) ? string.Join(", ", values) : null;
}
