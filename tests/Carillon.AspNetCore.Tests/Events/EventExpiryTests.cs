using Carillon.AspNetCore.Tests.Authentication;
using Carillon.AspNetCore.Tests.Hosting;
using Shouldly;
using Xunit;

namespace Carillon.AspNetCore.Tests.Events;

/// <summary>Tokens and cookies that end while a stream is open.</summary>
public sealed class EventExpiryTests : IAsyncLifetime
{
    private TwoHubs _app = null!;

    public async ValueTask InitializeAsync() => _app = await TwoHubs.StartAsync();

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    [Fact]
    public async Task Expired_token_loses_its_topics_and_the_stream_goes_on_with_the_others()
    {
        await using EventClient client = await ListenAsync("/chat/events?topic=members&topic=echo", 2, ("Authorization", "Bearer " + TokenMaker.Good()));

        Pass(TimeSpan.FromSeconds(3600 + 30)); // Its time, and the clock skew that the options allow.

        ReceivedEvent ended = await client.NextAsync("unsubscribed");
        (ended["topic"], ended["code"]).ShouldBe(("members", "unauthorized"));
        ended["message"].ShouldNotBeNullOrEmpty();
        await _app.PostAsync("/chat/publish", "echo", message: "still here");
        (await client.NextAsync("message"))["message"].ShouldBe("still here");
    }

    [Fact]
    public async Task Revoked_key_is_told_and_its_last_topic_ends_the_stream()
    {
        await using EventClient client = await ListenAsync("/shop/events?topic=orders", 1, ("Authorization", $"ApiKey {TwoHubs.ShopSecret}"));

        _app.Keys.Revoke("shop").ShouldBeTrue();
        Pass(TimeSpan.Zero);

        (await client.NextAsync("unsubscribed"))["code"].ShouldBe("unauthorized");
        (await client.NextAsync()).ShouldBeNull();
        (await _app.GetAsync("/shop/events?topic=orders", ("Authorization", $"ApiKey {TwoHubs.ShopSecret}"))).Status.ShouldBe(System.Net.HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task Cookie_that_expires_is_told_and_ends_what_it_gave()
    {
        string cookie = await _app.LogInAsync("ada");
        await using EventClient client = await ListenAsync("/chat/events?topic=room.ada", 1, ("Cookie", cookie));
        await _app.PostAsync("/chat/publish", "room.ada", message: "before");
        (await client.NextAsync("message"))["message"].ShouldBe("before");

        Pass(TwoHubs.CookieTime);

        (await client.NextAsync("unsubscribed"))["topic"].ShouldBe("room.ada");
        (await client.NextAsync()).ShouldBeNull();
    }

    // Then as long as it may take until the end is noticed.
    private void Pass(TimeSpan time)
    {
        _app.Time.Advance(time);
        _app.Time.Advance(TimeSpan.FromSeconds(25));
    }

    private async Task<EventClient> ListenAsync(string path, int topics, params (string Name, string Value)[] headers)
    {
        EventClient client = await EventClient.OpenAsync(new Uri(_app.Address, path), version: null, headers);
        for (int i = 0; i < topics; i++)
        {
            await client.NextAsync("subscribed");
        }

        return client;
    }
}
