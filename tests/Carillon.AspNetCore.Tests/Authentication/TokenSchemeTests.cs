using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Security.Claims;
using System.Text;
using Carillon.AspNetCore.Authentication;
using Carillon.AspNetCore.Authentication.ApiKeys;
using Carillon.AspNetCore.Authentication.Jwt;
using Carillon.Engines.Conformance;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Shouldly;
using Xunit;

namespace Carillon.AspNetCore.Tests.Authentication;

/// <summary>The schemes over HTTP, in an application of its own.</summary>
public sealed class TokenSchemeTests
{
    private const string Secret = "0123456789abcdef0123456789abcdef";
    private const string AdminSecret = "fedcba9876543210fedcba9876543210";

    private readonly ManualTimeProvider _time = new();

    [Theory]
    [InlineData("Bearer")]
    [InlineData("bearer")]
    [InlineData("ApiKey")]
    [InlineData("APIKEY")]
    public async Task API_key_is_taken_from_the_header(string scheme)
    {
        await using AuthenticatedApplication app = await StartAsync();

        HubApplication.Answer answer = await app.GetAsync("/users", new AuthenticationHeaderValue(scheme, Secret));

        answer.Status.ShouldBe(HttpStatusCode.OK);
        answer.Text.ShouldBe("app");
    }

    [Fact]
    public async Task JSON_Web_Token_is_taken_from_the_header()
    {
        await using AuthenticatedApplication app = await StartAsync();

        HubApplication.Answer answer = await app.GetAsync("/users", Bearer(TokenMaker.Good("ES256")));

        answer.Text.ShouldBe("ada");
        app.Requester.ShouldNotBeNull().ValidUntil.ShouldBe(DateTimeOffset.FromUnixTimeSeconds(TokenMaker.Start + 3600 + 30));
        app.Requester.RemoteAddress.ShouldBe(IPAddress.Loopback);
    }

    [Fact]
    public async Task Request_without_a_token_is_anonymous_and_challenged_without_an_error()
    {
        await using AuthenticatedApplication app = await StartAsync();

        (await app.GetAsync("/anybody")).Text.ShouldBe(string.Empty);
        app.Refusal.ShouldBeNull();
        HubApplication.Answer answer = await app.GetAsync("/users");

        answer.Status.ShouldBe(HttpStatusCode.Unauthorized);
        answer["code"].ShouldBe("unauthorized");
        answer["message"].ShouldBe("This needs credentials");
        answer.Headers.WwwAuthenticate.ToString().ShouldBe("Bearer realm=\"carillon\"");
    }

    [Fact]
    public async Task Wrong_token_is_anonymous_and_challenged_with_its_fault()
    {
        await using AuthenticatedApplication app = await StartAsync();
        string token = TokenMaker.Good();
        string forged = token[..^2] + (token[^2] == 'A' ? 'B' : 'A') + token[^1];

        (await app.GetAsync("/anybody", Bearer(forged))).Text.ShouldBe(string.Empty);
        app.Refusal.ShouldNotBeNull().Message.ShouldBe("The token's signature is not genuine");
        HubApplication.Answer answer = await app.GetAsync("/users", Bearer(forged));

        answer.Status.ShouldBe(HttpStatusCode.Unauthorized);
        answer["message"].ShouldBe("The token's signature is not genuine");
        answer.Headers.WwwAuthenticate.ToString()
            .ShouldBe("Bearer realm=\"carillon\", error=\"invalid_token\", error_description=\"The token's signature is not genuine\"");
        answer.Text.ShouldNotContain(forged);
    }

    [Fact]
    public async Task Wrong_key_is_challenged_with_its_own_scheme()
    {
        await using AuthenticatedApplication app = await StartAsync();

        HubApplication.Answer answer = await app.GetAsync("/users", new AuthenticationHeaderValue("ApiKey", "wrong"));

        answer.Status.ShouldBe(HttpStatusCode.Unauthorized);
        answer.Headers.WwwAuthenticate.ToString()
            .ShouldBe("ApiKey realm=\"carillon\", error=\"invalid_token\", error_description=\"The API key is not known, or was revoked\"");
    }

    [Fact]
    public async Task User_without_the_role_is_forbidden()
    {
        await using AuthenticatedApplication app = await StartAsync();

        HubApplication.Answer refused = await app.GetAsync("/admins", Bearer(Secret));
        HubApplication.Answer byKey = await app.GetAsync("/admins", Bearer(AdminSecret));
        HubApplication.Answer byToken = await app.GetAsync("/admins", Bearer(TokenMaker.Make("HS256", """{"alg":"HS256"}""", TokenMaker.Claims("\"roles\":[\"admin\"]"))));

        refused.Status.ShouldBe(HttpStatusCode.Forbidden);
        refused["code"].ShouldBe("forbidden");
        refused.Headers.WwwAuthenticate.ToString().ShouldContain("error=\"insufficient_scope\"");
        byKey.Text.ShouldBe("admin");
        byToken.Text.ShouldBe("ada");
    }

    [Theory]
    [InlineData("Basic YTpi")]
    [InlineData("Digest x")]
    [InlineData("garbage")]
    public async Task Other_schemes_in_the_header_are_left_to_others(string authorization)
    {
        await using AuthenticatedApplication app = await StartAsync();

        HubApplication.Answer answer = await app.GetAsync("/users", ("Authorization", authorization));

        answer["message"].ShouldBe("This needs credentials");
    }

    [Theory]
    [InlineData("Bearer")]
    [InlineData("Bearer ")]
    [InlineData("ApiKey")]
    public async Task Header_without_a_token_is_refused(string authorization)
    {
        await using AuthenticatedApplication app = await StartAsync();

        HubApplication.Answer answer = await app.GetAsync("/users", ("Authorization", authorization));

        answer["message"].ShouldBe("Header 'Authorization' has no token");
        answer.Headers.WwwAuthenticate.ToString().ShouldContain("error=\"invalid_request\"");
    }

    [Fact]
    public async Task Two_tokens_in_one_request_are_refused()
    {
        await using AuthenticatedApplication app = await StartAsync(static options =>
        {
            options.AllowQueryToken = true;
            options.AllowKeyHeader = true;
        });

        (await app.GetAsync($"/users?access_token={Secret}", Bearer(Secret)))["message"].ShouldBe("The request brings more than one token");
        (await app.GetAsync("/users", ("Authorization", $"ApiKey {Secret}"), ("X-Api-Key", Secret)))["message"].ShouldBe("The request brings more than one token");
        (await app.GetAsync($"/users?access_token={Secret}&access_token={Secret}"))["message"].ShouldBe("Parameter 'access_token' stands in the request more than once");
    }

    [Theory]
    [InlineData("Authorization", "Bearer x", "The request has more than one header 'Authorization'")]
    [InlineData("X-Api-Key", "x", "Header 'X-Api-Key' stands in the request more than once")]
    public async Task Header_that_stands_twice_is_refused(string header, string value, string reason)
    {
        // The framework's client would join the two into one line.
        await using AuthenticatedApplication app = await StartAsync(static options => options.AllowKeyHeader = true);
        using var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, app.Port);
        await using NetworkStream stream = client.GetStream();
        await stream.WriteAsync(Encoding.ASCII.GetBytes($"GET /users HTTP/1.1\r\nHost: test\r\n{header}: {value}\r\n{header}: {value}\r\nConnection: close\r\n\r\n"));
        using var reader = new StreamReader(stream);

        string answer = await reader.ReadToEndAsync();

        answer.ShouldStartWith("HTTP/1.1 401");
        answer.ShouldContain($"\"message\":\"{reason}\"");
    }

    [Fact]
    public async Task Query_and_key_header_count_only_where_they_are_allowed()
    {
        string token = TokenMaker.Good();
        await using (AuthenticatedApplication strict = await StartAsync())
        {
            (await strict.GetAsync($"/users?access_token={token}")).Status.ShouldBe(HttpStatusCode.Unauthorized);
            (await strict.GetAsync($"/users?access_token={Secret}")).Status.ShouldBe(HttpStatusCode.Unauthorized);
            (await strict.GetAsync("/users", ("X-Api-Key", Secret))).Status.ShouldBe(HttpStatusCode.Unauthorized);
        }

        await using AuthenticatedApplication app = await StartAsync(static options =>
        {
            options.AllowQueryToken = true;
            options.AllowKeyHeader = true;
        });
        (await app.GetAsync($"/users?access_token={token}")).Text.ShouldBe("ada");
        (await app.GetAsync($"/users?access_token={Secret}")).Text.ShouldBe("app");
        (await app.GetAsync("/users", ("X-Api-Key", Secret))).Text.ShouldBe("app");
        (await app.GetAsync($"/users?access_token={token}", ("Authorization", "Basic YTpi"))).Text.ShouldBe("ada");
    }

    [Fact]
    public async Task Nothing_that_is_logged_or_traced_holds_a_token()
    {
        var lines = new LineCollector();
        var tags = new ConcurrentQueue<string>();
        using var listener = new ActivityListener
        {
            ShouldListenTo = static _ => true,
            Sample = static (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = activity => tags.Enqueue(string.Join(' ', activity.TagObjects.Select(static tag => $"{tag.Key}={tag.Value}")) + activity.DisplayName),
        };
        ActivitySource.AddActivityListener(listener);
        await using AuthenticatedApplication app = await StartAsync(static options => options.AllowQueryToken = true, logging =>
        {
            logging.AddProvider(lines);
            logging.SetMinimumLevel(LogLevel.Trace);
            logging.AddFilter("Microsoft.AspNetCore.Hosting.Diagnostics", LogLevel.Trace);
            logging.AddFilter<LineCollector>("Microsoft.AspNetCore.Hosting.Diagnostics", LogLevel.Trace);
        });
        string token = TokenMaker.Good();

        foreach (string secret in new[] { token, token[..^4], Secret, "a-wrong-secret" })
        {
            await app.GetAsync($"/users?access_token={secret}");
            await app.GetAsync("/users", Bearer(secret));
        }

        lines.Lines.ShouldContain(static line => line.Contains("Carillon.Jwt", StringComparison.Ordinal));
        foreach (string text in lines.Lines.Concat(tags))
        {
            text.ShouldNotContain(Secret);
            text.ShouldNotContain("a-wrong-secret");
            text.ShouldNotContain(token[..40]);
            text.ShouldNotContain(token[^40..^4]);
        }
    }

    [Fact]
    public async Task Without_tokens_in_the_query_the_applications_request_log_stays()
    {
        var lines = new LineCollector();
        await using AuthenticatedApplication app = await StartAsync(configureLogging: logging =>
        {
            logging.AddProvider(lines);
            logging.SetMinimumLevel(LogLevel.Information);
        });

        await app.GetAsync("/anybody");

        lines.Lines.ShouldContain(static line => line.Contains("Request starting", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Revoked_key_ends_the_requester_that_it_gave()
    {
        await using AuthenticatedApplication app = await StartAsync();
        await app.GetAsync("/users", Bearer(Secret));
        app.Requester.ShouldNotBeNull().IsValidAt(_time.GetUtcNow()).ShouldBeTrue();

        app.Services.GetRequiredService<ApiKeyRing>().Revoke("app").ShouldBeTrue();

        app.Requester.IsValidAt(_time.GetUtcNow()).ShouldBeFalse();
        (await app.GetAsync("/users", Bearer(Secret))).Status.ShouldBe(HttpStatusCode.Unauthorized);
        app.Services.GetRequiredService<JwtVerifier>().Replace(TokenMaker.Options(static keys => keys.RemoveAt(0))).ShouldBeEmpty();
        (await app.GetAsync("/users", Bearer(TokenMaker.Good()))).Status.ShouldBe(HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task Requester_keeps_his_token_through_a_transformation_of_claims()
    {
        await using AuthenticatedApplication app = await AuthenticatedApplication.StartAsync(
            authentication => Add(authentication, configure: null),
            configure: builder =>
            {
                builder.Services.AddSingleton<TimeProvider>(_time);
                builder.Services.AddSingleton<IClaimsTransformation, Copying>();
            });

        await app.GetAsync("/users", Bearer(Secret));

        app.Requester.ShouldNotBeNull().Identities.ShouldBe(["app"]);
        app.Services.GetRequiredService<ApiKeyRing>().Revoke("app");
        app.Requester.IsValidAt(_time.GetUtcNow()).ShouldBeFalse();
    }

    [Fact]
    public async Task With_one_kind_alone_the_common_scheme_is_that_one()
    {
        await using AuthenticatedApplication keys = await AuthenticatedApplication.StartAsync(
            static authentication => authentication.AddCarillonTokens().AddCarillonApiKeys([ApiKeyRingTests.Key("app", Secret)]));

        (await keys.GetAsync("/users", Bearer(Secret))).Text.ShouldBe("app");
        (await keys.GetAsync("/users")).Headers.WwwAuthenticate.ToString().ShouldBe("ApiKey realm=\"carillon\"");
        (await keys.GetAsync("/users", Bearer(TokenMaker.Good()))).Status.ShouldBe(HttpStatusCode.Unauthorized);
        await using AuthenticatedApplication tokens = await AuthenticatedApplication.StartAsync(
            authentication => authentication.AddCarillonTokens().AddCarillonJwt(TokenMaker.Options()),
            configure: builder => builder.Services.AddSingleton<TimeProvider>(_time));

        (await tokens.GetAsync("/users", Bearer(TokenMaker.Good()))).Text.ShouldBe("ada");
        (await tokens.GetAsync("/users", Bearer(Secret)))["message"].ShouldBe("The token must be three parts of base64url, divided by dots");
    }

    [Fact]
    public void Wrong_settings_are_refused_before_the_application_is_built()
    {
        AuthenticationBuilder authentication = new ServiceCollection().AddAuthentication();

        Should.Throw<OptionsValidationException>(() => authentication.AddCarillonJwt(new JwtOptions()));
        Should.Throw<OptionsValidationException>(() => authentication.AddCarillonApiKeys([new ApiKeySettings()]));
    }

    private static AuthenticationHeaderValue Bearer(string token) => new("Bearer", token);

    private static void Add(AuthenticationBuilder authentication, Action<TokenAuthenticationOptions>? configure) => authentication
        .AddCarillonApiKeys([ApiKeyRingTests.Key("app", Secret), ApiKeyRingTests.Key("admin", AdminSecret, "admin")], configure)
        .AddCarillonJwt(TokenMaker.Options(), configure)
        .AddCarillonTokens();

    private Task<AuthenticatedApplication> StartAsync(Action<TokenAuthenticationOptions>? configure = null, Action<ILoggingBuilder>? configureLogging = null) =>
        AuthenticatedApplication.StartAsync(
            authentication => Add(authentication, configure),
            configure: builder =>
            {
                builder.Services.AddSingleton<TimeProvider>(_time);
                configureLogging?.Invoke(builder.Logging);
            });

    private sealed class Copying : IClaimsTransformation
    {
        public Task<ClaimsPrincipal> TransformAsync(ClaimsPrincipal principal) => Task.FromResult(principal.Clone());
    }

    private sealed class LineCollector : ILoggerProvider, ILogger
    {
        public ConcurrentQueue<string> Lines { get; } = new();

        public ILogger CreateLogger(string categoryName) => this;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull
        {
            Lines.Enqueue(state.ToString() ?? string.Empty);
            return null;
        }

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            Lines.Enqueue(formatter(state, exception) + exception);

        public void Dispose()
        {
        }
    }
}
