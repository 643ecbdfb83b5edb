using System.Net;
using System.Text.Json.Nodes;

namespace Carillon.Interop.Tests.Configuration;

/// <summary>From where a client is when it comes through a reverse proxy; here the tests are the proxy, at 127.0.0.1.</summary>
public sealed class ProxyTests
{
    [Theory]
    [InlineData("127.0.0.1", null, "203.0.113.7", HttpStatusCode.Forbidden)]
    [InlineData("127.0.0.0/8", null, "203.0.113.7, 127.0.0.9", HttpStatusCode.Forbidden)]
    [InlineData("127.0.0.1", null, "127.0.0.1, 203.0.113.7", HttpStatusCode.Forbidden)] // The first is what the client wrote itself.
    [InlineData("127.0.0.1", null, "::1", HttpStatusCode.OK)]
    [InlineData("127.0.0.1", null, null, HttpStatusCode.OK)]
    [InlineData("127.0.0.1", "X-Real-IP", "203.0.113.7", HttpStatusCode.Forbidden)]
    [InlineData("127.0.0.1", null, "unknown", HttpStatusCode.Forbidden)]
    [InlineData("127.0.0.1", null, "8.8.8.8, unknown", HttpStatusCode.Forbidden)]
    [InlineData("127.0.0.2", null, "203.0.113.7", HttpStatusCode.OK)]
    [InlineData(null, null, "203.0.113.7", HttpStatusCode.OK)]
    public async Task Client_is_where_a_trusted_proxy_says_it_is(string? trusted, string? header, string? from, HttpStatusCode expected)
    {
        await using Shop shop = await StartAsync(trusted, header);
        using var http = new HttpClient { BaseAddress = shop.Process.Address };
        using var request = new HttpRequestMessage(HttpMethod.Get, "/stats");
        if (from is not null)
        {
            request.Headers.TryAddWithoutValidation(header ?? "X-Forwarded-For", from).ShouldBeTrue();
        }

        (await http.SendAsync(request)).StatusCode.ShouldBe(expected);
    }

    [Fact]
    public async Task Anonymous_publishers_behind_a_trusted_proxy_have_a_rate_each_over_web_sockets_too()
    {
        await using Shop shop = await StartAsync("127.0.0.1", header: null);
        foreach ((string from, string code) in new[] { ("203.0.113.7", ""), ("203.0.113.8", ""), ("203.0.113.7", "rate_limited") })
        {
            using JsonSocket client = await JsonSocket.ConnectAsync(shop, "/", ("X-Forwarded-For", from));

            var answer = await client.AskAsync("""{"type": "PUBLISH", "topic": "rare", "message": {}}""");

            answer.GetProperty("errors").GetArrayLength().ShouldBe(code.Length == 0 ? 0 : 1, from);
            if (code.Length > 0)
            {
                answer.GetProperty("error_details")[0].GetProperty("code").GetString().ShouldBe(code);
            }
        }
    }

    private static Task<Shop> StartAsync(string? trusted, string? header) => Shop.StartAsync(file =>
    {
        JsonNode main = file.Section["Hubs"]!["main"]!;
        main["Monitoring"] = "Loopback";
        main["Monitors"] = "Anyone";
        file.TopicsOfMain.Add(new JsonObject { ["Name"] = "rare", ["Rate"] = new JsonObject { ["Messages"] = 1, ["Per"] = "01:00:00" } });
        if (trusted is not null)
        {
            file.Section["Proxies"] = new JsonObject { ["Trusted"] = new JsonArray(trusted), ["Header"] = header ?? "X-Forwarded-For" };
        }

        file.Write();
    });
}
