using System.Net;
using Carillon.AspNetCore.Tests.Channels;
using Carillon.AspNetCore.Tests.Events;
using Carillon.AspNetCore.WebSockets;
using Shouldly;
using Xunit;

namespace Carillon.AspNetCore.Tests.WebSockets;

/// <summary>Whom WebSocket JSON lets in.</summary>
public sealed class TopicSocketDoorTests
{
    private const string Key = "dGhlIHNhbXBsZSBub25jZQ==";

    [Theory]
    [InlineData(SocketHost.Held, "GET", null, null, null, 400)]
    [InlineData(SocketHost.Held, "POST", "websocket", "13", Key, 400)]
    [InlineData(SocketHost.Held, "GET", "h2c", "13", Key, 400)]
    [InlineData(SocketHost.Held, "GET", "websocket", "13", null, 400)]
    [InlineData(SocketHost.Held, "GET", "websocket", "13", "short", 400)]
    [InlineData(SocketHost.Held, "GET", "websocket", "8", Key, 426)]
    [InlineData(SocketHost.Held, "GET", "websocket", null, Key, 426)]
    [InlineData(SocketHost.Request, "GET", null, null, null, 400)]
    [InlineData(SocketHost.Request, "GET", "websocket", "13", "short", 400)]
    [InlineData(SocketHost.Request, "GET", "websocket", "8", Key, 426)]
    public async Task What_is_no_WebSocket_of_version_13_is_refused_before_the_upgrade(
        SocketHost host, string method, string? upgrade, string? version, string? key, int status)
    {
        await using TopicSocketApplication application = await TopicSocketApplication.StartAsync(host);
        using var http = new HttpClient();
        using var request = new HttpRequestMessage(new HttpMethod(method), new Uri(application.Http, "/sockets"));
        foreach ((string name, string? value) in new[] { ("Upgrade", upgrade), ("Connection", upgrade is null ? null : "Upgrade"), ("Sec-WebSocket-Version", version), ("Sec-WebSocket-Key", key) })
        {
            if (value is not null)
            {
                request.Headers.TryAddWithoutValidation(name, value);
            }
        }

        HttpResponseMessage response = await http.SendAsync(request);

        ((int)response.StatusCode).ShouldBe(status);
        (response.Headers.TryGetValues("Sec-WebSocket-Version", out IEnumerable<string>? versions) ? versions.Single() : null).ShouldBe(status == 426 ? "13" : null);
        HubApplication.Answer answer = await HubApplication.Answer.ReadAsync(response);
        answer["code"].ShouldBe("bad_request");
        answer["message"].ShouldNotBeNullOrEmpty();
    }

    [Fact]
    public async Task A_wrong_token_is_refused_and_a_right_one_says_who_it_is()
    {
        await using EventApplication application = await EventApplication.StartAsync();
        var address = new UriBuilder(application.Address("/ws")) { Scheme = "ws" }.Uri;
        (await TextSocket.RefusalAsync(address, [("Authorization", "Bearer wrong")])).ShouldBe(HttpStatusCode.Unauthorized);

        await using TopicSocketClient reader = await TopicSocketClient.ConnectAsync(address, [("Authorization", $"Bearer {EventApplication.SecretOf("reader")}")]);

        await reader.AskAsync("""{"type":"SUBSCRIBE","topics":["t"]}""");
        await reader.SendAsync("""{"type":"PUBLISH","topic":"t","message":1}""");
        string both = await reader.NextTextAsync() + await reader.NextTextAsync(); // The answer and the message, in either order.
        both.ShouldContain("""
            "publisher":["reader"]
            """.Trim());
    }

    [Theory]
    [InlineData(SocketHost.Held)]
    [InlineData(SocketHost.Http2)]
    public async Task Clients_beyond_the_limit_are_refused_until_one_leaves(SocketHost host)
    {
        await using TopicSocketApplication application = await TopicSocketApplication.StartAsync(host, sockets: new TopicSocketOptions { MaxConnections = 1 });
        await using (TopicSocketClient first = await application.ConnectAsync())
        {
            await first.AskAsync("""{"type":"PING"}""");
            (await application.RefusalAsync()).ShouldBe(HttpStatusCode.ServiceUnavailable);
        }

        await Eventually.ShouldAsync(() => application.Hub.Metrics.Sessions == 0);
        await using TopicSocketClient next = await application.ConnectAsync();
        (await next.AskAsync("""{"type":"PING"}""")).GetProperty("type").GetString().ShouldBe("PONG");
    }
}
