using System.Security.Claims;
using System.Text;
using Carillon.Access;
using Carillon.AspNetCore.Authentication.Jwt;
using Carillon.Engines.Conformance;
using Shouldly;
using Xunit;

namespace Carillon.AspNetCore.Tests.Authentication;

/// <summary>What the claims of a genuine token decide.</summary>
public sealed class JwtClaimTests
{
    private const string Header = """{"alg":"HS256"}""";
    private const string WrongTimes = "The token's times ('exp', 'nbf', 'iat') must be whole seconds since 1970";
    private const string WrongClaims = "The token's claims must be a JSON object without repeated keys";
    private const string WrongIssuer = "The token's issuer ('iss') is not the one that is accepted here";
    private const string NoAudience = "The token has no audience ('aud')";
    private const string OtherAudience = "The token is for another audience ('aud')";

    private readonly ManualTimeProvider _time = new();
    private readonly JwtVerifier _verifier;

    public JwtClaimTests() => _verifier = TokenMaker.Verifier(time: _time);

    [Theory]
    [InlineData("\"\"")]
    [InlineData("\"1799999999\"")]
    [InlineData("1799999999.5")]
    [InlineData("1799999999.0")]
    [InlineData("1.8e9")]
    [InlineData("-1")]
    [InlineData("-9223372036854775808")]
    [InlineData("253402300799")]
    [InlineData("9223372036854775807")]
    [InlineData("9223372036854775808")]
    [InlineData("1e400")]
    [InlineData("99999999999999999999999999999999999999")]
    [InlineData("null")]
    [InlineData("true")]
    [InlineData("[1799999999]")]
    [InlineData("{}")]
    public async Task Times_that_are_no_whole_seconds_are_refused(string value)
    {
        await RefusedAsync($$"""{"iss":"{{TokenMaker.Issuer}}","aud":"carillon","sub":"ada","exp":{{value}}}""", WrongTimes);
        await RefusedAsync(TokenMaker.Claims($"\"nbf\":{value}"), WrongTimes);
        await RefusedAsync(TokenMaker.Claims($"\"iat\":{value}"), WrongTimes);
    }

    [Fact]
    public Task Token_without_an_end_is_refused() => RefusedAsync("""{"iss":"https://issuer.test","aud":"carillon","sub":"ada"}""", "The token has no end ('exp')");

    [Fact]
    public async Task Token_expires_after_its_end_and_the_skew()
    {
        string token = Sign(TokenMaker.GoodClaims);
        _time.Advance(TimeSpan.FromSeconds(3600 + 29));
        TokenResult last = await _verifier.VerifyAsync(token, CancellationToken.None);
        last.Token.ShouldNotBeNull().IsValidAt(_time.GetUtcNow()).ShouldBeTrue();

        _time.Advance(TimeSpan.FromSeconds(1));

        (await _verifier.VerifyAsync(token, CancellationToken.None)).Error.ShouldNotBeNull().Message.ShouldBe("The token has expired");
        last.Token.IsValidAt(_time.GetUtcNow()).ShouldBeFalse();
    }

    [Theory]
    [InlineData("nbf", "The token is not valid yet")]
    [InlineData("iat", "The token was issued in the future")]
    public async Task Token_of_the_future_is_refused_until_the_skew_reaches_it(string claim, string reason)
    {
        string claims = TokenMaker.Claims($"\"{claim}\":{TokenMaker.Start + 31}");
        await RefusedAsync(claims, reason);

        _time.Advance(TimeSpan.FromSeconds(1));

        await AcceptedAsync(claims);
    }

    [Theory]
    [InlineData("""{"aud":"carillon"}""", WrongIssuer)]
    [InlineData("""{"iss":"https://issuer.test/","aud":"carillon"}""", WrongIssuer)]
    [InlineData("""{"iss":"HTTPS://ISSUER.TEST","aud":"carillon"}""", WrongIssuer)]
    [InlineData("""{"iss":["https://issuer.test"],"aud":"carillon"}""", WrongIssuer)]
    [InlineData("""{"iss":null,"aud":"carillon"}""", WrongIssuer)]
    [InlineData("""{"iss":"\udc00","aud":"carillon"}""", WrongIssuer)]
    [InlineData("""{"iss":"https://issuer.test"}""", NoAudience)]
    [InlineData("""{"iss":"https://issuer.test","aud":"other"}""", OtherAudience)]
    [InlineData("""{"iss":"https://issuer.test","aud":"Carillon"}""", OtherAudience)]
    [InlineData("""{"iss":"https://issuer.test","aud":["a","b"]}""", OtherAudience)]
    [InlineData("""{"iss":"https://issuer.test","aud":[]}""", OtherAudience)]
    [InlineData("""{"iss":"https://issuer.test","aud":[["carillon"]]}""", OtherAudience)]
    [InlineData("""{"iss":"https://issuer.test","aud":{"carillon":1}}""", OtherAudience)]
    [InlineData("""{"iss":"https://issuer.test","aud":1}""", OtherAudience)]
    public Task Token_of_another_issuer_or_for_another_audience_is_refused(string claims, string reason) =>
        RefusedAsync($$"""{{claims[..^1]}},"sub":"ada","exp":{{TokenMaker.Start + 60}}}""", reason);

    [Fact]
    public Task One_of_several_audiences_is_enough() =>
        AcceptedAsync($$"""{"iss":"{{TokenMaker.Issuer}}","aud":["a",1,"carillon"],"sub":"ada","exp":{{TokenMaker.Start + 60}}}""");

    [Fact]
    public async Task Token_for_an_audience_is_refused_where_none_is_configured()
    {
        var options = new JwtOptions { Keys = [new JwtKeySettings { Algorithm = JwtAlgorithm.HS256, Secret = TokenMaker.Secret }] };
        JwtVerifier anybody = TokenMaker.Verifier(options, _time);

        (await anybody.VerifyAsync(Sign(TokenMaker.GoodClaims), CancellationToken.None)).Error.ShouldNotBeNull().Message.ShouldBe(OtherAudience);
        (await anybody.VerifyAsync(Sign($$"""{"sub":"ada","exp":{{TokenMaker.Start + 60}}}"""), CancellationToken.None)).Error.ShouldBeNull();
    }

    [Theory]
    [InlineData("[]")]
    [InlineData("\"text\"")]
    [InlineData("{")]
    [InlineData("{}x")]
    [InlineData("""{"sub":"ada","sub":"bob"}""")]
    [InlineData("""{"sub":"ada","s\u0075b":"bob"}""")]
    [InlineData("""{"a":{"b":[{"c":1,"c":2}]}}""")]
    [InlineData("""{"a":[[[[[[[[1]]]]]]]]}""")]
    [InlineData("""{"exp":1,"exp":9999999999}""")]
    [InlineData("""{'sub':'ada'}""")]
    [InlineData("""{"sub":NaN}""")]
    public Task Claims_that_are_no_strict_object_are_refused(string claims) => RefusedAsync(claims, WrongClaims);

    [Fact]
    public async Task Claims_that_are_not_UTF8_are_refused()
    {
        byte[] claims = [.. Encoding.UTF8.GetBytes(TokenMaker.GoodClaims[..^1]), .. ",\"x\":\""u8, 0xED, 0xA0, 0x80, .. "\"}"u8];
        string signed = $"{TokenMaker.Encode(Header)}.{TokenMaker.Encode(claims)}";

        TokenResult result = await _verifier.VerifyAsync($"{signed}.{TokenMaker.Encode(TokenMaker.Sign("HS256", signed))}", CancellationToken.None);

        result.Error.ShouldNotBeNull().Message.ShouldBe(WrongClaims);
    }

    [Theory]
    [InlineData("")]
    [InlineData(",\"sub\":\"\"")]
    [InlineData(",\"sub\":null")]
    [InlineData(",\"sub\":42")]
    [InlineData(",\"sub\":[\"ada\"]")]
    [InlineData(",\"sub\":\"a\\u0000b\"")]
    [InlineData(",\"sub\":\"a\\nb\"")]
    [InlineData(",\"sub\":\"\\ud800\"")]
    public async Task Token_that_names_nobody_is_refused(string subject)
    {
        string claims = $$"""{"iss":"{{TokenMaker.Issuer}}","aud":"carillon","exp":{{TokenMaker.Start + 60}}{{subject}}}""";

        await RefusedAsync(claims, "The token must name its user: claim 'sub' must be 1 to 255 bytes of text without control characters");
    }

    [Fact]
    public Task Name_that_is_too_long_is_refused() =>
        RefusedAsync(
            $$"""{"iss":"{{TokenMaker.Issuer}}","aud":"carillon","exp":{{TokenMaker.Start + 60}},"sub":"{{new string('é', 128)}}"}""",
            "The token must name its user: claim 'sub' must be 1 to 255 bytes of text without control characters");

    [Theory]
    [InlineData("\"roles\":1", "The token's claim 'roles' must be text or a list of texts")]
    [InlineData("\"role\":{\"admin\":true}", "The token's claim 'role' must be text or a list of texts")]
    [InlineData("\"roles\":[\"a\",null]", "The token's claim 'roles' must be text or a list of texts")]
    [InlineData("\"scope\":[[\"a\"]]", "The token's claim 'scope' must be text or a list of texts")]
    [InlineData("\"x\":\"\\ud800\"", "The token holds text that is not Unicode")]
    [InlineData("\"x\":[\"\\udc00\"]", "The token holds text that is not Unicode")]
    public Task Claims_of_a_wrong_kind_are_refused(string claim, string reason) => RefusedAsync(TokenMaker.Claims(claim), reason);

    [Theory]
    [InlineData("\"email\":\"ada@issuer.test\"", null)]
    [InlineData("\"name\":\"Ada\"", "The token must name its user: claim 'email' must be 1 to 255 bytes of text without control characters")]
    [InlineData("\"email\":\"ada@issuer.test\",\"sub\":42", "The token's subject ('sub') must be text")]
    public async Task Name_is_the_claim_that_is_configured(string claims, string? reason)
    {
        var options = new JwtOptions { Keys = [new JwtKeySettings { Algorithm = JwtAlgorithm.HS256, Secret = TokenMaker.Secret }], NameClaim = "email" };

        TokenResult result = await TokenMaker.Verifier(options, _time).VerifyAsync(Sign($$"""{"exp":{{TokenMaker.Start + 60}},{{claims}}}"""), CancellationToken.None);

        result.Error?.Message.ShouldBe(reason);
        result.Token?.Principal.Identity!.Name.ShouldBe("ada@issuer.test");
        result.Accepted.ShouldBe(reason is null);
    }

    [Fact]
    public async Task Subject_roles_and_other_claims_become_the_identity()
    {
        ClaimsPrincipal user = await AcceptedAsync(TokenMaker.Claims(
            """ "roles":["editor","chief editor"],"role":"boss","scope":"read write","name":"Ada L.","tenant":"t1","groups":["g1","g2"],"n":1.50,"ok":true,"none":null,"deep":{"a":[1]} """));

        var identity = user.Identities.ShouldHaveSingleItem();
        identity.Name.ShouldBe("ada");
        identity.AuthenticationType.ShouldBe(TokenTypes.Jwt);
        identity.IsAuthenticated.ShouldBeTrue();
        user.FindFirstValue(ClaimTypes.NameIdentifier).ShouldBe("ada");
        new[] { "editor", "chief editor", "boss", "read", "write" }.ShouldAllBe(role => user.IsInRole(role));
        user.IsInRole("chief").ShouldBeFalse();
        user.FindFirstValue("name").ShouldBe("Ada L.");
        user.HasClaim("tenant", "t1").ShouldBeTrue();
        user.FindAll("groups").Select(static claim => claim.Value).ShouldBe(["g1", "g2"]);
        user.FindFirstValue("n").ShouldBe("1.50");
        user.FindFirstValue("ok").ShouldBe("true");
        user.FindFirst("none").ShouldBeNull();
        user.FindFirstValue("deep").ShouldBe("""{"a":[1]}""");
    }

    [Fact]
    public async Task Claims_called_like_the_frameworks_own_give_neither_name_nor_role()
    {
        ClaimsPrincipal user = await AcceptedAsync(TokenMaker.Claims($"\"{ClaimTypes.Role}\":\"admin\",\"{ClaimTypes.Name}\":\"root\",\"{ClaimTypes.NameIdentifier}\":\"0\""));

        user.IsInRole("admin").ShouldBeFalse();
        user.Identity!.Name.ShouldBe("ada");
        user.FindAll(ClaimTypes.NameIdentifier).ShouldHaveSingleItem().Value.ShouldBe("ada");
    }

    [Fact]
    public async Task Refusal_never_repeats_the_token()
    {
        string token = Sign(TokenMaker.Claims("\"role\":{\"secret-claim\":1}"));
        TokenResult result = await _verifier.VerifyAsync(token, CancellationToken.None);

        result.Error.ShouldNotBeNull().Message.ShouldNotContain("secret-claim");
        result.Error.Message.ShouldNotContain(token[..20]);
    }

    private static string Sign(string claims) => TokenMaker.Make("HS256", Header, claims);

    private async Task<ClaimsPrincipal> AcceptedAsync(string claims)
    {
        TokenResult result = await _verifier.VerifyAsync(Sign(claims), CancellationToken.None);
        result.Error.ShouldBeNull();
        return result.Token.ShouldNotBeNull().Principal;
    }

    private async Task RefusedAsync(string claims, string reason) =>
        (await _verifier.VerifyAsync(Sign(claims), CancellationToken.None)).Error.ShouldNotBeNull().Message.ShouldBe(reason);
}
