using System.Net;
using System.Text.Json;
using Shouldly;
using Xunit;

namespace Carillon.SocketIO.Tests.EngineIO;

public sealed class HandshakeTests
{
    [Theory]
    [InlineData("/socket.io/")]
    [InlineData("/socket.io")]
    public async Task Polling_handshake_opens_a_session_with_or_without_the_slash(string path)
    {
        await using TestApplication application = await TestApplication.StartAsync(Apps.Echo);

        using HttpResponseMessage response = await application.Client.GetAsync(path + "?EIO=4&transport=polling");

        response.StatusCode.ShouldBe(HttpStatusCode.OK);
        response.Content.Headers.ContentType!.ToString().ShouldBe("text/plain; charset=UTF-8");
        string body = await response.Content.ReadAsStringAsync();
        body.ShouldStartWith("0{");
        JsonElement open = JsonDocument.Parse(body.AsMemory(1)).RootElement;
        open.EnumerateObject().Select(static property => property.Name).ShouldBe(["sid", "upgrades", "pingInterval", "pingTimeout", "maxPayload"]);
        open.GetProperty("sid").GetString()!.Length.ShouldBeGreaterThanOrEqualTo(20);
        open.GetProperty("upgrades").GetRawText().ShouldBe("""["websocket"]""");
        open.GetProperty("pingInterval").GetInt32().ShouldBe(25000);
        open.GetProperty("pingTimeout").GetInt32().ShouldBe(20000);
        open.GetProperty("maxPayload").GetInt32().ShouldBe(1_000_000);
        application.Server.ConnectionCount.ShouldBe(1);
    }

    [Fact]
    public async Task WebSocket_handshake_opens_a_session_without_upgrades()
    {
        await using TestApplication application = await TestApplication.StartAsync(Apps.Echo);
        using var client = new EngineClient(application.Address);

        using EngineWebSocket socket = await client.OpenWebSocketAsync();

        string open = await socket.ReadAsync();
        open.ShouldStartWith("0{");
        JsonDocument.Parse(open.AsMemory(1)).RootElement.GetProperty("upgrades").GetArrayLength().ShouldBe(0);
    }

    [Theory]
    [InlineData("GET", "?transport=polling", 400, 5, "Unsupported protocol version")]
    [InlineData("GET", "?EIO=3&transport=polling", 400, 5, "Unsupported protocol version")]
    [InlineData("GET", "?EIO=abc&transport=polling", 400, 5, "Unsupported protocol version")]
    [InlineData("GET", "?EIO=4", 400, 0, "Transport unknown")]
    [InlineData("GET", "?EIO=4&transport=abc", 400, 0, "Transport unknown")]
    [InlineData("POST", "?EIO=4&transport=polling", 400, 2, "Bad handshake method")]
    [InlineData("PUT", "?EIO=4&transport=polling", 400, 2, "Bad handshake method")]
    [InlineData("GET", "?EIO=4&transport=websocket", 400, 3, "Bad request")]
    [InlineData("GET", "?EIO=4&transport=polling&sid=unknown", 400, 1, "Session ID unknown")]
    [InlineData("POST", "?EIO=4&transport=polling&sid=unknown", 400, 1, "Session ID unknown")]
    public async Task Wrong_request_is_refused_with_the_reference_servers_code(string method, string query, int status, int code, string message)
    {
        await using TestApplication application = await TestApplication.StartAsync(Apps.Echo);

        using var request = new HttpRequestMessage(new HttpMethod(method), "/socket.io/" + query);
        using HttpResponseMessage response = await application.Client.SendAsync(request);

        ((int)response.StatusCode).ShouldBe(status);
        (await response.Content.ReadAsStringAsync()).ShouldBe($$"""{"code":{{code}},"message":"{{message}}"}""");
    }

    [Fact]
    public async Task Transport_that_is_switched_off_is_unknown()
    {
        var options = new SocketIOOptions { Transports = SocketIOTransports.WebSocket };
        await using TestApplication application = await TestApplication.StartAsync(Apps.Echo, options);

        using HttpResponseMessage response = await application.Client.GetAsync("/socket.io/?EIO=4&transport=polling");

        (await response.Content.ReadAsStringAsync()).ShouldBe("""{"code":0,"message":"Transport unknown"}""");
    }

    [Fact]
    public async Task Upgrades_are_not_offered_when_they_are_not_allowed()
    {
        await using TestApplication application = await TestApplication.StartAsync(Apps.Echo, new SocketIOOptions { AllowUpgrades = false });
        using var client = new EngineClient(application.Address);

        JsonElement open = await client.OpenPollingAsync();

        open.GetProperty("upgrades").GetArrayLength().ShouldBe(0);
        await Should.ThrowAsync<System.Net.WebSockets.WebSocketException>(() => client.OpenWebSocketAsync());
    }

    [Fact]
    public void Wrong_setting_is_refused_by_name()
    {
        Should.Throw<Microsoft.Extensions.Options.OptionsValidationException>(() => new SocketIOOptions { PingTimeout = TimeSpan.Zero }.Validate())
            .Message.ShouldContain("PingTimeout");
        Should.Throw<Microsoft.Extensions.Options.OptionsValidationException>(() => new SocketIOOptions { AllowedOrigins = ["example.org"] }.Validate())
            .Message.ShouldContain("AllowedOrigins");
    }
}
