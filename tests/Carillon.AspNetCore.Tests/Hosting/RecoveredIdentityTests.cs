using System.Text.Json;
using Carillon.Access;
using Carillon.SocketIO;
using Carillon.SocketIO.Recovery;
using Microsoft.AspNetCore.Builder;
using Shouldly;
using Xunit;

namespace Carillon.AspNetCore.Tests.Hosting;

public sealed class RecoveredIdentityTests : IAsyncLifetime
{
    private const string Token = $"\"type\":\"application\",\"token\":\"{TwoHubs.ShopSecret}\"";

    private TwoHubs _app = null!;

    public async ValueTask InitializeAsync() => _app = await TwoHubs.StartAsync(map: MapHub);

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    [Theory]
    [InlineData("/")]
    [InlineData("/monitor")]
    public async Task Recovery_with_a_wrong_token_is_refused_and_the_right_one_still_recovers(string namespaceName)
    {
        (string id, string secret) = await ComeAndGoAsync(namespaceName);

        await using SocketClient wrong = await _app.ConnectAsync("/shop", $$"""{"pid":"{{secret}}","type":"application","token":"wrong"}""", namespaceName);
        await using SocketClient right = await _app.ConnectAsync("/shop", $$"""{"pid":"{{secret}}",{{Token}}}""", namespaceName);

        wrong.Joined.ShouldStartWith("44");
        wrong.Joined.ShouldContain("unauthorized");
        right.Joined.ShouldContain(id);
    }

    [Fact]
    public async Task Recovery_without_a_token_takes_up_the_session_and_not_who_it_was()
    {
        (string id, string secret) = await ComeAndGoAsync("/");

        await using SocketClient nobody = await _app.ConnectAsync("/shop", $$"""{"pid":"{{secret}}"}""");

        nobody.Joined.ShouldContain(id);
        (await nobody.EmitAsync("publish", """{"topic":"orders","message":1}""")).GetProperty("code").GetString().ShouldBe("unauthorized");
    }

    [Fact]
    public async Task Recovery_without_a_token_lets_nobody_monitor()
    {
        (_, string secret) = await ComeAndGoAsync("/monitor");

        await using SocketClient nobody = await _app.ConnectAsync("/shop", $$"""{"pid":"{{secret}}"}""", "/monitor");

        nobody.Joined.ShouldStartWith("44");
    }

    private static void MapHub(WebApplication app) => app.MapHub("/shop", static hub =>
    {
        hub.Options = hub.Options with { Monitors = TopicAccess.ApiKeys("shop") };
        hub.SocketIO = new SocketIOOptions { ConnectionStateRecovery = new ConnectionStateRecoveryOptions() };
        hub.AddTopic("orders", static topic => topic with { Publishers = TopicAccess.ApiKeys("shop") });
    });

    // The id of a session whose client was known and has lost its connection, and the secret by which it comes back.
    private async Task<(string Id, string Secret)> ComeAndGoAsync(string namespaceName)
    {
        await using SocketClient known = await _app.ConnectAsync("/shop", "{" + Token + "}", namespaceName);
        JsonElement joined = JsonElement.Parse(known.Joined[known.Joined.IndexOf('{', StringComparison.Ordinal)..]);
        return (joined.GetProperty("sid").GetString()!, joined.GetProperty("pid").GetString()!);
    }
}
