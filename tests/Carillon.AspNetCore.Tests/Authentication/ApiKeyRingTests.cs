using System.Security.Claims;
using System.Security.Cryptography;
using System.Text;
using Carillon.Access;
using Carillon.AspNetCore.Authentication.ApiKeys;
using Microsoft.Extensions.Options;
using Shouldly;
using Xunit;

namespace Carillon.AspNetCore.Tests.Authentication;

public sealed class ApiKeyRingTests
{
    private const string Unknown = "The API key is not known, or was revoked";

    private readonly ApiKeyRing _ring = new([Key("billing", "secret-1", "writer"), Key("reports", "secret-2")]);

    [Fact]
    public async Task Key_gives_its_name_and_roles()
    {
        TokenResult result = await VerifyAsync("secret-1");

        ClaimsPrincipal user = result.Token.ShouldNotBeNull().Principal;
        user.Identity!.Name.ShouldBe("billing");
        user.Identity.AuthenticationType.ShouldBe(TokenTypes.ApiKey);
        user.IsInRole("writer").ShouldBeTrue();
        user.IsInRole("reader").ShouldBeFalse();
        result.Token.ExpiresAt.ShouldBeNull();
    }

    [Theory]
    [InlineData("secret-3", Unknown)]
    [InlineData("Secret-1", Unknown)]
    [InlineData("secret-1 ", Unknown)]
    [InlineData("billing", Unknown)]
    [InlineData("' OR '1'='1", Unknown)]
    [InlineData("\ud800", Unknown)]
    [InlineData("", "The API key is empty")]
    public async Task Anything_else_is_refused(string secret, string reason) => (await VerifyAsync(secret)).Error.ShouldNotBeNull().Message.ShouldBe(reason);

    [Fact]
    public async Task Hash_itself_is_no_key() => (await VerifyAsync(Hash("secret-1"))).Accepted.ShouldBeFalse();

    [Fact]
    public async Task Key_that_is_too_long_is_refused() => (await VerifyAsync(new string('x', 513))).Error.ShouldNotBeNull().Message.ShouldBe("The API key is longer than 512 characters");

    [Fact]
    public async Task Revoked_key_is_refused_at_once_with_what_it_gave_and_stays_so()
    {
        VerifiedToken token = (await VerifyAsync("secret-1")).Token.ShouldNotBeNull();
        var requester = Requester.Anonymous.With(token);

        _ring.Revoke("billing").ShouldBeTrue();

        _ring.Revoke("billing").ShouldBeFalse();
        (await VerifyAsync("secret-1")).Error.ShouldNotBeNull().Message.ShouldBe(Unknown);
        requester.IsValidAt(DateTimeOffset.MinValue).ShouldBeFalse();
        (await VerifyAsync("secret-2")).Accepted.ShouldBeTrue();

        _ring.Replace([Key("billing", "secret-1", "writer")]).ShouldBeEmpty();
        (await VerifyAsync("secret-1")).Accepted.ShouldBeFalse();
        _ring.Replace([Key("billing", "secret-new")]).ShouldBeEmpty();
        (await VerifyAsync("secret-new")).Accepted.ShouldBeTrue();
    }

    [Fact]
    public async Task Reload_keeps_what_unchanged_keys_gave_and_revokes_the_rest()
    {
        ApiKeyRing ring = new([Key("same", "a", "r1", "r2"), Key("gone", "b"), Key("other secret", "c"), Key("other roles", "d", "admin")]);
        VerifiedToken[] tokens = [.. await Task.WhenAll(new[] { "a", "b", "c", "d" }.Select(async secret => (await new ApiKeyVerifier(ring).VerifyAsync(secret, default)).Token!))];

        ring.Replace([Key("same", "a", "r2", "r1"), Key("other secret", "c2"), Key("other roles", "d", "user"), Key("fresh", "e")]).ShouldBeEmpty();

        tokens.Select(static token => token.Status!.IsRevoked).ShouldBe([false, true, true, true]);
        ring.Keys.Select(static key => key.Name).ShouldBe(["same", "other secret", "other roles", "fresh"]);
    }

    [Fact]
    public async Task Wrong_keys_change_nothing()
    {
        VerifiedToken token = (await VerifyAsync("secret-1")).Token.ShouldNotBeNull();

        _ring.Replace([Key("new", "x"), Key("new", "y")], "Carillon:ApiKeys").ShouldBe(["Carillon:ApiKeys names 'new' more than once"]);

        token.Status!.IsRevoked.ShouldBeFalse();
        (await VerifyAsync("secret-1")).Accepted.ShouldBeTrue();
        (await VerifyAsync("x")).Accepted.ShouldBeFalse();
    }

    [Fact]
    public void Each_fault_of_the_settings_has_its_sentence()
    {
        const string WrongHash = "Hash must be the SHA-256 hash of the secret, as 64 hexadecimal digits or 44 characters of base64";
        string good = Hash("x");

        Check(new() { Name = "a", Hash = good }).ShouldBeEmpty();
        Check(new() { Name = "a", Hash = good.ToLowerInvariant() }).ShouldBeEmpty();
        Check(new() { Name = "a", Hash = Convert.ToBase64String(Convert.FromHexString(good)) }).ShouldBeEmpty();
        Check(new() { Name = "a", Hash = string.Empty }).ShouldBe([$"Keys:0:{WrongHash}"]);
        Check(new() { Name = "a", Hash = "the secret itself" }).ShouldBe([$"Keys:0:{WrongHash}"]);
        Check(new() { Name = "a", Hash = good[1..] }).ShouldBe([$"Keys:0:{WrongHash}"]);
        Check(new() { Name = "a", Hash = good[..63] + "g" }).ShouldBe([$"Keys:0:{WrongHash}"]);
        Check(new() { Name = "a", Hash = Hash(string.Empty) }).ShouldBe(["Keys:0:Hash is the hash of an empty secret"]);
        Check(new() { Name = "a", Hash = new string('0', 64) }).ShouldBe(["Keys:0:Hash is the hash of an empty secret"]);
        Check(new() { Name = "", Hash = good }).ShouldBe(["Keys:0:Name is no name of a key: Field 'Name' must not be empty"]);
        Check(new() { Name = "a\0", Hash = good }).ShouldHaveSingleItem().ShouldStartWith("Keys:0:Name is no name of a key: ");
        Check(new() { Name = "a", Hash = good, Roles = ["r", ""] }).ShouldHaveSingleItem().ShouldStartWith("Keys:0:Roles:1 is no role: ");
        Check(new() { Name = "a", Hash = good, Roles = [.. Enumerable.Range(0, 65).Select(static i => $"r{i}")] }).ShouldBe(["Keys:0:Roles must hold at most 64 roles, but holds 65"]);
        ApiKeyRing.Check([Key("a", "x"), Key("A", "y")], "Keys").ShouldBe(["Keys names 'a' more than once"]);
        ApiKeyRing.Check([Key("a", "x"), Key("b", "x"), Key("c", "x")], "Keys").ShouldBe(["Keys gives the same secret to 'a' and 'b' and 'c'; each key needs its own"]);
        ApiKeyRing.Check([.. Enumerable.Range(0, 1001).Select(static i => Key($"k{i}", $"s{i}"))], "Keys").ShouldBe(["Keys must hold at most 1000 keys, but holds 1001"]);
        Should.Throw<OptionsValidationException>(() => new ApiKeyRing([new ApiKeySettings()])).Failures.Count().ShouldBe(2);

        static IReadOnlyList<string> Check(ApiKeySettings key) => ApiKeyRing.Check([key], "Keys");
    }

    [Fact]
    public async Task Keys_are_found_while_the_ring_is_being_replaced()
    {
        using var stop = new CancellationTokenSource();
        Task replacing = Task.Run(() =>
        {
            for (int i = 0; !stop.IsCancellationRequested; i++)
            {
                _ring.Replace([Key("billing", "secret-1", "writer"), Key($"k{i % 3}", $"s{i}")]);
            }
        });

        for (int i = 0; i < 20_000; i++)
        {
            (await VerifyAsync("secret-1")).Token.ShouldNotBeNull().Status!.IsRevoked.ShouldBeFalse();
        }

        await stop.CancelAsync();
        await replacing;
    }

    internal static ApiKeySettings Key(string name, string secret, params string[] roles) => new() { Name = name, Hash = Hash(secret), Roles = roles };

    private static string Hash(string secret) => Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(secret)));

    private ValueTask<TokenResult> VerifyAsync(string secret) => new ApiKeyVerifier(_ring).VerifyAsync(secret, CancellationToken.None);
}
