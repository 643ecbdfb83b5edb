using System.Net;
using System.Security.Claims;
using System.Text.Json;
using Carillon.AspNetCore.Authentication;
using Carillon.AspNetCore.Authentication.ApiKeys;
using Carillon.AspNetCore.Channels;
using Carillon.AspNetCore.Tests.Authentication;
using Carillon.Channels;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Shouldly;
using Xunit;

namespace Carillon.AspNetCore.Tests.Channels;

/// <summary>Who is let in, into which channel, and with which settings.</summary>
public sealed class ChannelDoorTests
{
    public static TheoryData<bool> Both => [true, false];

    [Theory]
    [InlineData("%0A")]
    [InlineData("a%7Fb")]
    [InlineData("%C2%85")]
    [InlineData("256")]
    [InlineData("128 of two bytes")]
    public async Task Wrong_channel_ids_are_refused_before_the_upgrade(string id)
    {
        await using ChannelApplication app = await ChannelApplication.StartAsync(held: true);
        string path = id switch { "256" => new string('a', 256), "128 of two bytes" => string.Concat(Enumerable.Repeat("%C3%A9", 128)), _ => id };

        (await app.RefusalAsync("/ws/online/" + path)).ShouldBe(HttpStatusCode.BadRequest);

        app.Stage.Sockets.ShouldBeEmpty();
    }

    [Fact]
    public async Task Channel_ids_may_be_255_bytes_of_any_letters()
    {
        await using ChannelApplication app = await ChannelApplication.StartAsync(held: true);
        string id = string.Concat(Enumerable.Repeat("é", 127)) + "%";

        await using ChannelClient client = await app.ConnectAsync(Uri.EscapeDataString(id));

        (await client.NextAsync()).Channel.ShouldBe(id);
    }

    [Fact]
    public async Task Requests_that_are_no_websocket_get_an_error_that_says_so()
    {
        await using ChannelApplication app = await ChannelApplication.StartAsync(held: true);

        using HttpResponseMessage answer = await app.Http.GetAsync(new Uri("/ws/online/lobby", UriKind.Relative));

        answer.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        (await answer.Content.ReadAsStringAsync()).ShouldContain("takes WebSockets only");
    }

    [Theory]
    [InlineData(null, true)]
    [InlineData("own", true)]
    [InlineData("https://example.org", true)]
    [InlineData("HTTPS://EXAMPLE.org", true)]
    [InlineData("https://a.b.example.net:8443", true)]
    [InlineData("http://example.org", false)]
    [InlineData("https://example.org.evil.net", false)]
    [InlineData("https://example.net", false)]
    [InlineData("https://badexample.net", false)]
    [InlineData("https://.example.net", false)]
    [InlineData("https://evil.org/.example.net", false)]
    [InlineData("https://evil.org#.example.net", false)]
    [InlineData("https://.example.net@evil.org", false)]
    [InlineData("null", false)]
    [InlineData("", false)]
    public async Task Pages_of_other_origins_are_refused_unless_listed(string? origin, bool isAllowed)
    {
        await using ChannelApplication app = await ChannelApplication.StartAsync(
            held: true, static options => options.AllowedOrigins = ["https://example.org", "*.example.net"]);
        (string, string)[] headers = origin is null ? [] : [("Origin", origin == "own" ? "http://" + app.Address.Authority : origin)];
        var address = new Uri(app.Address, "/ws/online/lobby");

        if (isAllowed)
        {
            await using ChannelClient client = await ChannelClient.ConnectAsync(address, headers);
            (await client.NextAsync()).Count.ShouldBe(1);
        }
        else
        {
            (await ChannelClient.RefusalAsync(address, headers)).ShouldBe(HttpStatusCode.Forbidden);
        }
    }

    [Theory]
    [MemberData(nameof(Both))]
    public async Task Authorization_is_the_endpoints_and_the_socket_knows_the_user(bool held)
    {
        await using ChannelApplication app = await StartWithTokensAsync(held);
        app.Stage.Generate = static (socket, _, _) => ValueTask.FromResult<object?>(socket.User.Identity?.Name);
        (await app.RefusalAsync("/ws/online/lobby")).ShouldBe(HttpStatusCode.Unauthorized);

        await using ChannelClient client = await ChannelClient.ConnectAsync(new Uri(app.Address, "/ws/online/lobby"), ("X-Token", "Ada 3600"));

        (await client.NextTextAsync()).ShouldBe("\"Ada\"");
    }

    [Theory]
    [MemberData(nameof(Both))]
    public async Task Connection_ends_when_its_authentication_expires(bool held)
    {
        await using ChannelApplication app = await StartWithTokensAsync(held);

        await using ChannelClient client = await ChannelClient.ConnectAsync(new Uri(app.Address, "/ws/online/lobby"), ("X-Token", "Ada 1"));

        (await client.ClosedAsync()).ShouldBe((1008, "the authentication has expired"));
    }

    [Theory]
    [MemberData(nameof(Both))]
    public async Task Connection_ends_when_its_token_is_revoked(bool held)
    {
        ApiKeyRing? keys = null;
        await using ChannelApplication app = await ChannelApplication.StartAsync(
            held,
            build: static builder =>
            {
                builder.Services.AddAuthentication(TokenSchemes.ApiKeys).AddCarillonApiKeys([ApiKeyRingTests.Key("till", "secret"), ApiKeyRingTests.Key("other", "hidden")]);
                builder.Services.AddAuthorization();
            },
            map: app =>
            {
                app.MapChannelSocket<StageSocket>("/ws/online/{channelId}").RequireAuthorization();
                keys = app.Services.GetRequiredService<ApiKeyRing>();
            });
        var address = new Uri(app.Address, "/ws/online/lobby");
        await using ChannelClient stays = await ChannelClient.ConnectAsync(address, ("Authorization", "ApiKey hidden"));
        await using ChannelClient goes = await ChannelClient.ConnectAsync(address, ("Authorization", "ApiKey secret"));
        await stays.UntilCountAsync(2);

        keys!.Revoke("till").ShouldBeTrue();

        (await goes.ClosedAsync()).ShouldBe((1008, "the token was revoked"));
        await stays.UntilCountAsync(1);
    }

    [Fact]
    public async Task Channel_comes_from_code_where_that_is_set()
    {
        await using ChannelApplication app = await ChannelApplication.StartAsync(
            held: true, static options => options.ChannelId = static context => ValueTask.FromResult<string?>(context.Request.Query["room"]));

        await using ChannelClient client = await ChannelClient.ConnectAsync(new Uri(app.Address, "/ws/online/ignored?room=attic"));

        (await client.NextAsync()).Channel.ShouldBe("attic");
        (await app.RefusalAsync("/ws/online/ignored")).ShouldBe(HttpStatusCode.BadRequest);
    }

    [Fact]
    public async Task Routes_name_channels_by_their_own_pattern_or_their_groups_or_not_at_all()
    {
        await using ChannelApplication app = await ChannelApplication.StartAsync(held: true, map: static app =>
        {
            app.MapChannelSocket<StageSocket>("/ws/online", static options => options.Name = "one");
            app.MapChannelSocket<StageSocket>("/ws/maybe/{channelId?}", static options => options.Name = "two");
            app.MapGroup("/rooms/{channelId}").MapChannelSocket<StageSocket>("/ws", static options => options.Name = "three");
        });

        await using ChannelClient alone = await ChannelClient.ConnectAsync(new Uri(app.Address, "/ws/online"));
        await using ChannelClient grouped = await ChannelClient.ConnectAsync(new Uri(app.Address, "/rooms/attic/ws"));

        (await alone.NextAsync()).Channel.ShouldBe(ChannelSocketOptions.DefaultChannel);
        (await grouped.NextAsync()).Channel.ShouldBe("attic");
        (await app.RefusalAsync("/ws/maybe")).ShouldBe(HttpStatusCode.BadRequest);
    }

    [Fact]
    public async Task Class_mounted_twice_shares_its_channels_and_needs_no_membership_of_the_application()
    {
        await using ChannelApplication app = await ChannelApplication.StartAsync(
            held: true,
            build: static builder => builder.Services.RemoveAll<IChannelMembership>(),
            map: static app =>
            {
                app.MapChannelSocket<StageSocket>("/first/{channelId}");
                app.MapChannelSocket<StageSocket>("/second/{channelId}");
            });
        await using ChannelClient first = await ChannelClient.ConnectAsync(new Uri(app.Address, "/first/lobby"));
        (await first.NextAsync()).Count.ShouldBe(1);

        await using ChannelClient second = await ChannelClient.ConnectAsync(new Uri(app.Address, "/second/lobby"));

        (await first.NextAsync()).Count.ShouldBe(2);
        (await second.NextAsync()).Count.ShouldBe(2);
    }

    [Fact]
    public async Task Objects_become_json_by_the_applications_settings()
    {
        await using ChannelApplication app = await ChannelApplication.StartAsync(held: true, build: static builder =>
            builder.Services.ConfigureHttpJsonOptions(static json =>
            {
                json.SerializerOptions.TypeInfoResolver = GeneratedJson.Default; // And no reflection.
                json.SerializerOptions.PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseUpper;
            }));
        app.Stage.Generate = static (_, number, _) => ValueTask.FromResult<object?>(number == 1 ? new GeneratedJson.Score(7) : new { Unknown = true });
        app.Stage.OnMessage = static async (socket, _, _) => await socket.SendJsonAsync(new GeneratedJson.Score(8), GeneratedJson.Default.ScoreInfo);
        await using ChannelClient client = await app.ConnectAsync();

        (await client.NextTextAsync()).ShouldBe("""{"BEST_SCORE":7}""");
        await client.SendAsync("mine");
        (await client.NextTextAsync()).ShouldBe("""{"BestScore":8}""");
        await using ChannelClient second = await app.ConnectAsync();
        await Eventually.ShouldAsync(() => app.Log.Entries.Any(static entry => entry.Text.Contains("JsonTypeInfo metadata", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Socket_that_cannot_be_made_answers_a_fault_and_takes_no_place()
    {
        await using ChannelApplication app = await ChannelApplication.StartAsync(
            held: true,
            static options => options.MaxConnections = 1,
            static builder =>
            {
                int made = 0;
                builder.Services.AddScoped(services => made++ == 0
                    ? throw new InvalidOperationException("as told")
                    : new StageSocket.ScopedResource(services.GetRequiredService<Stage>()));
            });
        (await app.RefusalAsync("/ws/online/lobby")).ShouldBe(HttpStatusCode.InternalServerError);

        await using ChannelClient client = await app.ConnectAsync();

        (await client.NextAsync()).Count.ShouldBe(1);
    }

    [Fact]
    public async Task Wrong_settings_stop_the_start_and_are_named()
    {
        (string Name, Action<ChannelSocketOptions> Break)[] wrong =
        [
            ("Name", static options => options.Name = "a\nb"),
            ("UpdateInterval", static options => options.UpdateInterval = TimeSpan.FromTicks(-1)),
            ("GenerationTimeout", static options => options.GenerationTimeout = TimeSpan.Zero),
            ("AllowedOrigins", static options => options.AllowedOrigins = ["example.org"]),
            ("AllowedOrigins", static options => options.AllowedOrigins = ["https://example.org/"]),
            ("AllowedOrigins", static options => options.AllowedOrigins = ["*example.org"]),
            ("AllowedOrigins", static options => options.AllowedOrigins = ["*."]),
            ("MaxConnections", static options => options.MaxConnections = 0),
            ("MaxConnectionsPerChannel", static options => options.MaxConnectionsPerChannel = 0),
            ("MaxMessageSize", static options => options.MaxMessageSize = 0),
            ("MaxWaitingMessages", static options => options.MaxWaitingMessages = 0),
            ("PingInterval", static options => options.PingInterval = TimeSpan.Zero),
            ("PingTimeout", static options => options.PingTimeout = TimeSpan.Zero),
            ("MaxFrames", static options => options.Outbox.MaxFrames = 0),
        ];
        foreach ((string name, Action<ChannelSocketOptions> break_) in wrong)
        {
            OptionsValidationException refused = await Should.ThrowAsync<OptionsValidationException>(() => ChannelApplication.StartAsync(held: true, break_));
            refused.Message.ShouldContain($"Options.{name} must be");
        }
    }

    private static Task<ChannelApplication> StartWithTokensAsync(bool held) => ChannelApplication.StartAsync(
        held,
        build: static builder =>
        {
            builder.Services.AddAuthentication("token").AddScheme<AuthenticationSchemeOptions, TokenHandler>("token", null);
            builder.Services.AddAuthorization();
        },
        map: static app => app.MapChannelSocket<StageSocket>("/ws/online/{channelId}").RequireAuthorization());

    /// <summary>Believes a header that has a name and for how many seconds it is valid.</summary>
    private sealed class TokenHandler(IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory logger, System.Text.Encodings.Web.UrlEncoder encoder)
        : AuthenticationHandler<AuthenticationSchemeOptions>(options, logger, encoder)
    {
        protected override Task<AuthenticateResult> HandleAuthenticateAsync()
        {
            if (Request.Headers["X-Token"].ToString().Split(' ') is not [var name, var seconds])
            {
                return Task.FromResult(AuthenticateResult.NoResult());
            }

            var user = new ClaimsPrincipal(new ClaimsIdentity([new Claim(ClaimTypes.Name, name)], "token"));
            var properties = new AuthenticationProperties { ExpiresUtc = TimeProvider.GetUtcNow().AddSeconds(int.Parse(seconds, null)) };
            return Task.FromResult(AuthenticateResult.Success(new AuthenticationTicket(user, properties, "token")));
        }
    }
}
