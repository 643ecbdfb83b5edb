using System.Net;
using System.Net.Http.Json;
using System.Net.WebSockets;
using System.Text.Json;
using Carillon.AspNetCore.Events;
using Carillon.AspNetCore.Tests.Authentication;
using Carillon.AspNetCore.Tests.Channels;
using Carillon.AspNetCore.Tests.Events;
using Carillon.AspNetCore.Tests.WebSockets;
using Carillon.AspNetCore.WebSockets;
using Carillon.Topics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Shouldly;
using Xunit;

namespace Carillon.AspNetCore.Tests.Hosting;

public sealed class TwoHubsTests : IAsyncLifetime
{
    private const string ApiKey = "ApiKey " + TwoHubs.ShopSecret;
    private const string ShopAuth = $$"""{"type":"application","token":"{{TwoHubs.ShopSecret}}"}""";

    private TwoHubs _app = null!;

    public async ValueTask InitializeAsync() => _app = await TwoHubs.StartAsync();

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    [Fact]
    public async Task Hubs_have_topics_of_the_same_name_and_see_nothing_of_each_other()
    {
        await using SocketClient chat = await _app.ConnectAsync("/chat");
        await using SocketClient shop = await _app.ConnectAsync("/shop");
        await SubscribeAsync(chat, "echo");
        await SubscribeAsync(shop, "echo");

        (await _app.PostAsync("/shop/orders/in", "echo", message: "of the shop")).Status.ShouldBe(HttpStatusCode.OK);
        (await _app.PostAsync("/chat/publish", "echo", message: "of the chat"))["offset"].ShouldBe("1");

        (await chat.NextEventAsync()).ShouldContain("of the chat");
        (await shop.NextEventAsync()).ShouldContain("of the shop");
        (await _app.PostAsync("/chat/publish", "orders"))["code"].ShouldBe("topic_not_found");
        (await SubscribeAsync(chat, "orders")).GetProperty("code").GetString().ShouldBe("topic_not_found");
        (await _app.GetAsync("/shop/publish")).Status.ShouldBe(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task Application_keeps_its_own_pages_and_publishes_by_the_directory()
    {
        await using SocketClient chat = await _app.ConnectAsync("/chat");
        await SubscribeAsync(chat, "echo");

        (await _app.GetAsync("/hello")).Text.ShouldBe("hello");
        using HttpResponseMessage announced = await _app.Http.PostAsync(new Uri("/announce?text=closing", UriKind.Relative), content: null);

        announced.StatusCode.ShouldBe(HttpStatusCode.OK);
        (await chat.NextEventAsync()).ShouldContain("closing");
    }

    [Fact]
    public async Task Controller_beside_the_hubs_serves_its_own_routes_and_publishes_to_sockets_of_every_kind()
    {
        await using TopicSocketClient chat = await TopicSocketClient.ConnectAsync(WebSocketOf("/chat"));
        await using TopicSocketClient shop = await TopicSocketClient.ConnectAsync(WebSocketOf("/shop"));
        await using EventClient chatEvents = await EventClient.OpenAsync(new Uri(_app.Address, "/chat/events?topic=echo"));
        await using EventClient shopEvents = await EventClient.OpenAsync(new Uri(_app.Address, "/shop/events?topic=echo"));
        await using SocketClient chatSocket = await _app.ConnectAsync("/chat");
        await chat.AskAsync("""{"type":"SUBSCRIBE","topics":["echo"]}""");
        await shop.AskAsync("""{"type":"SUBSCRIBE","topics":["echo"]}""");
        await chatEvents.NextAsync("subscribed");
        await shopEvents.NextAsync("subscribed");
        await SubscribeAsync(chatSocket, "echo");
        using var request = new HttpRequestMessage(HttpMethod.Put, "/stock/pens") { Content = JsonContent.Create(7) };
        request.Headers.Add("Cookie", await _app.LogInAsync("ada"));

        using HttpResponseMessage answer = await _app.Http.SendAsync(request);

        (await answer.Content.ReadAsStringAsync()).ShouldBe("ada has counted");
        (await chat.NextAsync()).GetProperty("message").GetString().ShouldBe("chat: 7 of pens");
        (await shop.NextAsync()).GetProperty("message").GetString().ShouldBe("shop: 7 of pens");
        (await chatEvents.NextAsync("message"))["message"].ShouldBe("chat: 7 of pens");
        (await shopEvents.NextAsync("message"))["message"].ShouldBe("shop: 7 of pens");
        (await chatSocket.NextEventAsync()).ShouldContain("chat: 7 of pens");
    }

    [Fact]
    public async Task Cookie_that_expires_ends_what_it_gave_over_WebSocket_JSON()
    {
        string cookie = await _app.LogInAsync("ada");
        await using TopicSocketClient ada = await TopicSocketClient.ConnectAsync(WebSocketOf("/chat"), [("Cookie", cookie)]);
        (await ada.AskAsync("""{"type":"SUBSCRIBE","topics":["members"]}""")).GetProperty("errors").GetArrayLength().ShouldBe(0);

        _app.Time.Advance(TwoHubs.CookieTime);
        _app.Time.Advance(TimeSpan.FromSeconds(25));

        JsonElement ended = await ada.NextAsync();
        (ended.GetProperty("type").GetString(), ended.GetProperty("code").GetString()).ShouldBe(("UNSUBSCRIBED", "unauthorized"));
    }

    [Fact]
    public async Task Monitor_whose_cookie_expires_is_disconnected()
    {
        string admin = await _app.LogInAsync("eve", "admin");
        await using SocketClient monitor = await _app.ConnectAsync("/shop", namespaceName: "/monitor", headers: [("Cookie", admin)]);
        await _app.PostAsync("/shop/orders/in", "orders", ApiKey, "before");
        (await monitor.NextEventAsync()).ShouldContain("before");

        _app.Time.Advance(TwoHubs.CookieTime);
        _app.Time.Advance(TimeSpan.FromSeconds(25));

        await monitor.DisconnectedAsync();
    }

    [Fact]
    public async Task Cookie_tells_who_a_socket_is_and_the_policy_decides_by_topic()
    {
        string cookie = await _app.LogInAsync("ada");
        await using SocketClient ada = await _app.ConnectAsync("/chat", headers: [("Cookie", cookie)]);
        await using SocketClient nobody = await _app.ConnectAsync("/chat");

        (await SubscribeAsync(ada, "room.ada")).GetProperty("status").GetString().ShouldBe("ok");
        (await SubscribeAsync(ada, "room.bob")).GetProperty("code").GetString().ShouldBe("forbidden");
        (await SubscribeAsync(nobody, "room.ada")).GetProperty("code").GetString().ShouldBe("unauthorized");
        (await nobody.EmitAsync("publish", """{"topic":"members","message":1}""")).GetProperty("code").GetString().ShouldBe("unauthorized");
        (await ada.EmitAsync("publish", """{"topic":"members","message":1}""")).GetProperty("status").GetString().ShouldBe("ok");
    }

    [Fact]
    public async Task Faulty_policy_refuses_and_the_socket_stays()
    {
        await using SocketClient client = await _app.ConnectAsync("/chat");

        (await SubscribeAsync(client, "faulty")).GetProperty("code").GetString().ShouldBe("internal_error");

        (await SubscribeAsync(client, "echo")).GetProperty("status").GetString().ShouldBe("ok");
    }

    [Fact]
    public async Task Faulty_policy_is_logged_once_however_often_it_is_asked()
    {
        using var log = new RecordedLog("Carillon.Topics");
        await using TwoHubs app = await TwoHubs.StartAsync(services => services.AddLogging(logging => logging.AddProvider(log)));
        await using SocketClient client = await app.ConnectAsync("/chat");

        for (int i = 0; i < 10; i++)
        {
            await SubscribeAsync(client, "faulty");
        }

        (LogLevel Level, string Text) entry = log.Entries.Where(static entry => entry.Level >= LogLevel.Warning).ShouldHaveSingleItem();
        entry.Level.ShouldBe(LogLevel.Error);
        entry.Text.ShouldBe("Hub 'chat', topic 'faulty': Subscribers failed; the subscription was refused. The same is not logged again for a minute: The authorization policy 'faulty' failed");
    }

    [Fact]
    public async Task Consumed_is_not_recorded_for_who_may_not_read_the_topic()
    {
        const string Consumed = """{"consumer":"c","topic":"members","message_id":"m"}""";
        string cookie = await _app.LogInAsync("ada");
        await using SocketClient ada = await _app.ConnectAsync("/chat", headers: [("Cookie", cookie)]);
        await using SocketClient nobody = await _app.ConnectAsync("/chat");

        (await nobody.EmitAsync("consumed", Consumed)).GetProperty("code").GetString().ShouldBe("unauthorized");
        JsonElement first = await ada.EmitAsync("consumed", Consumed);

        first.GetProperty("status").GetString().ShouldBe("ok");
        first.TryGetProperty("duplicate", out _).ShouldBeFalse();
    }

    [Fact]
    public async Task Origins_of_a_hub_hold_for_all_its_protocols_whatever_the_application_says_of_one()
    {
        await using TwoHubs app = await TwoHubs.StartAsync(
            static services => services
                .AddSingleton(new TopicSocketOptions { AllowedOrigins = ["https://of-the-application.example"] })
                .AddSingleton(new EventStreamOptions { AllowedOrigins = ["https://of-the-application.example"] }),
            static app =>
            {
                app.MapHub("/open", static hub =>
                {
                    hub.AddTopic("t");
                    hub.AllowedOrigins = ["https://of-the-hub.example"];
                });
                app.MapHub("/plain", static hub => hub.AddTopic("t"));
            });

        foreach ((string hub, string origin, bool may) in new[]
        {
            ("/open", "https://of-the-hub.example", true), ("/open", "https://of-the-application.example", false),
            ("/plain", "https://of-the-hub.example", false), ("/plain", "https://of-the-application.example", true),
        })
        {
            (await app.EventsStatusAsync($"{hub}/events?topic=t", origin)).ShouldBe(may ? HttpStatusCode.OK : HttpStatusCode.Forbidden, $"{hub} {origin}");
            (await app.WebSocketStatusAsync(hub, origin)).ShouldBe(may ? HttpStatusCode.SwitchingProtocols : HttpStatusCode.Forbidden, $"{hub} {origin}");
        }
    }

    [Fact]
    public async Task Pattern_delivers_only_what_its_subscriber_may_read()
    {
        string cookie = await _app.LogInAsync("ada");
        await using SocketClient ada = await _app.ConnectAsync("/chat", headers: [("Cookie", cookie)]);
        await SubscribeAsync(ada, "room.*");

        await _app.PostAsync("/chat/publish", "room.bob", message: "for bob");
        await _app.PostAsync("/chat/publish", "room.ada", message: "for ada");

        (await ada.NextEventAsync()).ShouldContain("for ada");
    }

    [Fact]
    public async Task Topics_come_and_go_while_clients_are_connected()
    {
        await using SocketClient client = await _app.ConnectAsync("/chat");
        (await SubscribeAsync(client, "late")).GetProperty("code").GetString().ShouldBe("topic_not_found");

        (await _app.Chat.AddTopicAsync(Topic.Echo("late"), CancellationToken.None)).ShouldBeNull();
        (await SubscribeAsync(client, "late")).GetProperty("status").GetString().ShouldBe("ok");
        (await _app.PostAsync("/chat/publish", "late", message: "hello")).Status.ShouldBe(HttpStatusCode.OK);
        (await client.NextEventAsync()).ShouldContain("hello");

        (await _app.Chat.RemoveTopicAsync(TopicName.Create("late"))).ShouldBeTrue();
        (await client.NextEventAsync()).ShouldStartWith("""["unsubscribed",{"topic":"late","code":"topic_not_found""");
        (await _app.PostAsync("/chat/publish", "late"))["code"].ShouldBe("topic_not_found");
    }

    [Fact]
    public async Task Http_publisher_is_who_its_token_names()
    {
        (await _app.PostAsync("/shop/orders/in", "orders")).Status.ShouldBe(HttpStatusCode.Unauthorized);
        (await _app.PostAsync("/shop/orders/in", "orders", "ApiKey wrong"))["message"].ShouldBe("The API key is not known, or was revoked");
        (await _app.PostAsync("/shop/orders/in", "orders", "Bearer " + TokenMaker.Good())).Status.ShouldBe(HttpStatusCode.Forbidden);
        (await _app.PostAsync("/shop/orders/in", "orders", ApiKey)).Status.ShouldBe(HttpStatusCode.OK);
    }

    [Theory]
    [InlineData("""{"token":"wrong"}""", "unauthorized")]
    [InlineData("""{"type":"jwt","token":"a.b.c"}""", "unauthorized")]
    [InlineData("""{"type":"magic","token":"x"}""", "invalid_field")]
    [InlineData("""{"token":5}""", "invalid_field")]
    public async Task Refused_token_in_auth_is_told_with_its_code(string auth, string code)
    {
        await using SocketClient client = await _app.ConnectAsync("/chat", auth);

        client.Joined.ShouldStartWith("44{");
        JsonElement.Parse(client.Joined[2..]).GetProperty("data").GetProperty("code").GetString().ShouldBe(code);
    }

    [Fact]
    public async Task Refused_token_of_the_handshake_is_told_with_its_code()
    {
        await using SocketClient client = await _app.ConnectAsync("/chat", headers: [("Authorization", "Bearer wrong")]);

        client.Joined.ShouldStartWith("44{");
        client.Joined.ShouldContain("\"code\":\"unauthorized\"");
    }

    [Fact]
    public async Task Auth_that_holds_no_token_is_left_to_the_application()
    {
        await using SocketClient client = await _app.ConnectAsync("/chat", """{"nick":"ada"}""");

        client.Joined.ShouldStartWith("40{");
    }

    [Fact]
    public async Task Revoked_key_loses_its_topics_within_25_seconds()
    {
        await using SocketClient client = await _app.ConnectAsync("/shop", ShopAuth);
        (await SubscribeAsync(client, "orders")).GetProperty("status").GetString().ShouldBe("ok");

        _app.Keys.Revoke("shop").ShouldBeTrue();
        _app.Time.Advance(TimeSpan.FromSeconds(25));

        (await client.NextEventAsync()).ShouldStartWith("""["unsubscribed",{"topic":"orders","code":"unauthorized""");
        (await SubscribeAsync(client, "echo")).GetProperty("status").GetString().ShouldBe("ok");
    }

    [Fact]
    public async Task Expired_token_loses_its_topics_within_25_seconds_and_a_fresh_one_keeps_them()
    {
        await using SocketClient old = await _app.ConnectAsync("/chat", $$"""{"token":"{{TokenMaker.Good()}}"}""");
        await using SocketClient refreshed = await _app.ConnectAsync("/chat", $$"""{"token":"{{TokenMaker.Good()}}"}""");
        (await SubscribeAsync(old, "members")).GetProperty("status").GetString().ShouldBe("ok");
        (await SubscribeAsync(refreshed, "members")).GetProperty("status").GetString().ShouldBe("ok");

        (await refreshed.EmitAsync("authenticate", """{"token":"a.b.c"}""")).GetProperty("code").GetString().ShouldBe("unauthorized");
        (await refreshed.EmitAsync("authenticate", $$"""{"token":"{{Lasting()}}"}""")).GetProperty("status").GetString().ShouldBe("ok");
        _app.Time.Advance(TimeSpan.FromSeconds(3600 + 30)); // Its time, and the clock skew that the options allow.
        _app.Time.Advance(TimeSpan.FromSeconds(25));

        (await old.NextEventAsync()).ShouldStartWith("""["unsubscribed",{"topic":"members","code":"unauthorized""");
        (await _app.PostAsync("/chat/publish", "members", "Bearer " + Lasting(), "still here")).Status.ShouldBe(HttpStatusCode.OK);
        (await refreshed.NextEventAsync()).ShouldContain("still here");
    }

    [Fact]
    public async Task Token_of_a_single_request_gives_only_that_request_what_it_says()
    {
        await using SocketClient client = await _app.ConnectAsync("/shop");
        string authorization = $"\"authorization\":{ShopAuth}";

        (await client.EmitAsync("subscribe", $$"""{"topic":"orders",{{authorization}}}""")).GetProperty("status").GetString().ShouldBe("ok");
        (await client.EmitAsync("publish", $$"""{"topic":"orders","message":1,{{authorization}}}""")).GetProperty("status").GetString().ShouldBe("ok");
        (await client.EmitAsync("publish", """{"topic":"orders","message":1}""")).GetProperty("code").GetString().ShouldBe("unauthorized");
        (await client.EmitAsync("publish", """{"topic":"orders","message":1,"authorization":{"type":"api_key"}}""")).GetProperty("field").GetString().ShouldBe("authorization.token");

        _app.Keys.Revoke("shop").ShouldBeTrue();
        _app.Time.Advance(TimeSpan.FromSeconds(25));

        (await client.NextEventAsync()).ShouldStartWith("""["orders",""");
        (await client.NextEventAsync()).ShouldStartWith("""["unsubscribed",{"topic":"orders","code":"unauthorized""");
    }

    [Fact]
    public async Task Refusal_for_want_of_credentials_brings_a_challenge()
    {
        using HttpResponseMessage response = await _app.Http.GetAsync(new Uri("/shop/api/messages", UriKind.Relative));

        response.StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        response.Headers.WwwAuthenticate.ToString().ShouldBe("Bearer realm=\"carillon\"");
    }

    [Fact]
    public async Task OpenApi_of_a_hub_says_where_its_paths_begin() =>
        JsonDocument.Parse((await _app.GetAsync("/shop/api/openapi.json")).Text).RootElement.GetProperty("servers")[0].GetProperty("url").GetString().ShouldBe("/shop/api");

    [Fact]
    public async Task Only_those_monitor_whom_the_hub_lets()
    {
        await _app.PostAsync("/shop/orders/in", "orders", ApiKey, "secret order");
        string user = await _app.LogInAsync("ada");
        string admin = await _app.LogInAsync("eve", "admin");

        (await _app.GetAsync("/chat/messages", ("Cookie", admin))).Status.ShouldBe(HttpStatusCode.Forbidden);
        (await _app.GetAsync("/shop/api/messages")).Status.ShouldBe(HttpStatusCode.Unauthorized);
        (await _app.GetAsync("/shop/api/messages", ("Cookie", user))).Status.ShouldBe(HttpStatusCode.Forbidden);
        (await _app.GetAsync("/shop/api/messages", ("Cookie", admin))).Text.ShouldContain("secret order");

        await using SocketClient refused = await _app.ConnectAsync("/shop", namespaceName: "/monitor", headers: [("Cookie", user)]);
        refused.Joined.ShouldStartWith("44/monitor,");
        refused.Joined.ShouldContain("\"code\":\"forbidden\"");
        await using SocketClient monitor = await _app.ConnectAsync("/shop", namespaceName: "/monitor", headers: [("Cookie", admin)]);
        monitor.Joined.ShouldStartWith("40/monitor,");
        await _app.PostAsync("/chat/publish", "echo", message: "of the chat");
        await _app.PostAsync("/shop/orders/in", "orders", ApiKey, "another order");
        (await monitor.NextEventAsync()).ShouldContain("another order");
    }

    [Theory]
    [InlineData("/chat", TwoHubs.Site, true)]
    [InlineData("/chat", "https://badexample.org", false)]
    [InlineData("/chat", "https://example.org", false)]
    [InlineData("/shop", TwoHubs.Site, false)]
    public async Task Pages_of_other_sites_connect_only_where_the_hub_lists_them(string route, string origin, bool allowed)
    {
        HubApplication.Answer polled = await _app.GetAsync($"{route}/socket.io/?EIO=4&transport=polling", ("Origin", origin));
        polled.Status.ShouldBe(allowed ? HttpStatusCode.OK : HttpStatusCode.Forbidden);
        Task<SocketClient> connecting = _app.ConnectAsync(route, headers: [("Origin", origin)]);
        if (allowed)
        {
            await using SocketClient client = await connecting;
            client.Joined.ShouldStartWith("40{");
        }
        else
        {
            (await Should.ThrowAsync<WebSocketException>(connecting)).Message.ShouldContain("403");
        }
    }

    [Fact]
    public async Task Metrics_are_told_apart_by_hub()
    {
        await _app.PostAsync("/chat/publish", "echo");

        string[] lines = (await _app.GetAsync("/metrics")).Text.Split('\n');

        lines.ShouldContain("carillon_publishes_total{hub=\"chat\"} 1");
        lines.ShouldContain("carillon_publishes_total{hub=\"shop\"} 0");
        lines.Count(static line => line == "# TYPE carillon_publishes_total counter").ShouldBe(1);
        (await _app.GetAsync("/chat/metrics")).Status.ShouldBe(HttpStatusCode.NotFound);
    }

    private Uri WebSocketOf(string route) => new UriBuilder(_app.Address) { Scheme = "ws", Path = route }.Uri;

    private static string Lasting() => TokenMaker.Make(
        "HS256", """{"alg":"HS256","typ":"JWT"}""", TokenMaker.GoodClaims.Replace($"\"exp\":{TokenMaker.Start + 3600}", $"\"exp\":{TokenMaker.Start + 7200}", StringComparison.Ordinal));

    private static Task<JsonElement> SubscribeAsync(SocketClient client, string topic) => client.EmitAsync("subscribe", $$"""{"topic":"{{topic}}"}""");
}
