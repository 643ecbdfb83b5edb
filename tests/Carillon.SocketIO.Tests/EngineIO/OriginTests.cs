using System.Net;
using System.Net.WebSockets;
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

    [Fact]
    public async Task WebSocket_of_the_servers_own_page_is_accepted()
    {
        await using TestApplication application = await TestApplication.StartAsync(Apps.Echo);
        using var client = new EngineClient(application.Address);

        using EngineWebSocket socket = await client.OpenWebSocketAsync("https://" + application.Address.Authority);

        (await socket.ReadAsync()).ShouldStartWith("0{");
    }

    private static SocketIOOptions With(string allowed) => new() { AllowedOrigins = allowed.Length == 0 ? [] : [allowed] };

    private static string? Header(HttpResponseMessage response, string name) =>
        response.Headers.TryGetValues(name, out IEnumerable<string>? values) ? string.Join(", ", values) : null;
}
