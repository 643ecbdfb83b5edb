using System.Security.Cryptography;
using System.Text;
using Carillon.Access;
using Carillon.AspNetCore.Authentication.Jwt;
using Carillon.Engines.Conformance;
using Microsoft.AspNetCore.Http;
using Shouldly;
using Xunit;

namespace Carillon.AspNetCore.Tests.Authentication;

/// <summary>Keys that are fetched from an address, over HTTP.</summary>
public sealed class JwksTests : IAsyncLifetime
{
    private const string UnknownKey = "The token is signed by a key that is not known here for its algorithm";

    private readonly ManualTimeProvider _time = new();
    private readonly RSA _newKey = RSA.Create(2048);
    private KeySetServer _server = null!;
    private JwtVerifier _verifier = null!;

    public async ValueTask InitializeAsync()
    {
        _server = await KeySetServer.StartAsync();
        _verifier = TokenMaker.Verifier(new JwtOptions { JwksAddress = _server.Address, Issuer = TokenMaker.Issuer, Audiences = [TokenMaker.Audience] }, _time);
    }

    public async ValueTask DisposeAsync()
    {
        _newKey.Dispose();
        await _server.DisposeAsync();
    }

    [Fact]
    public async Task Keys_are_fetched_once_for_many_tokens()
    {
        TokenResult[] results = await Task.WhenAll(Enumerable.Range(0, 50).Select(i => VerifyAsync(Token(i % 2 == 0 ? "RS256" : "ES256", i % 2 == 0 ? "rs" : "es"))));

        results.ShouldAllBe(static result => result.Accepted);
        _server.Requests.ShouldBe(1);
    }

    [Fact]
    public async Task Token_without_a_key_name_is_tried_against_the_keys_of_its_algorithm() =>
        (await VerifyAsync(TokenMaker.Good("ES256"))).Accepted.ShouldBeTrue();

    [Fact]
    public async Task HS256_is_refused_without_a_fetch()
    {
        (await VerifyAsync(TokenMaker.Good())).Error.ShouldNotBeNull().Message.ShouldBe(UnknownKey);
        _server.Requests.ShouldBe(0);
    }

    [Fact]
    public async Task Keys_older_than_the_interval_are_fetched_again_and_tokens_of_a_key_that_is_gone_are_revoked()
    {
        TokenResult old = await VerifyAsync(Token("RS256", "rs"));
        TokenResult staying = await VerifyAsync(Token("ES256", "es"));
        _server.Keys = TokenMaker.KeySet(_newKey, "new");
        _time.Advance(TimeSpan.FromMinutes(15) - TimeSpan.FromSeconds(1));
        (await VerifyAsync(Token("RS256", "rs"))).Accepted.ShouldBeTrue();
        _server.Requests.ShouldBe(1);

        _time.Advance(TimeSpan.FromSeconds(1));

        (await VerifyAsync(Token("RS256", "rs"))).Accepted.ShouldBeFalse();
        _server.Requests.ShouldBe(2);
        old.Token.ShouldNotBeNull().IsValidAt(_time.GetUtcNow()).ShouldBeFalse();
        staying.Token.ShouldNotBeNull().IsValidAt(_time.GetUtcNow()).ShouldBeTrue();
    }

    [Fact]
    public async Task Unknown_key_is_fetched_once_within_the_floor()
    {
        await VerifyAsync(Token("RS256", "rs"));
        _time.Advance(TimeSpan.FromSeconds(31));
        _server.Keys = TokenMaker.KeySet(_newKey, "new");

        (await VerifyAsync(NewToken())).Accepted.ShouldBeTrue();
        _server.Requests.ShouldBe(2);

        for (int i = 0; i < 20; i++)
        {
            (await VerifyAsync(Token("RS256", $"made-up-{i}"))).Error.ShouldNotBeNull().Message.ShouldBe(UnknownKey);
        }

        _server.Requests.ShouldBe(2);
        _time.Advance(TimeSpan.FromSeconds(30));
        await VerifyAsync(Token("RS256", "made-up"));
        await VerifyAsync(Token("RS256", "made-up"));
        _server.Requests.ShouldBe(3);
    }

    [Fact]
    public async Task Many_unknown_keys_at_once_make_one_fetch()
    {
        await VerifyAsync(Token("RS256", "rs"));
        _time.Advance(TimeSpan.FromSeconds(31));

        await Task.WhenAll(Enumerable.Range(0, 50).Select(i => VerifyAsync(Token("RS256", $"made-up-{i}"))));

        _server.Requests.ShouldBe(2);
    }

    [Fact]
    public async Task Issuer_that_cannot_be_reached_at_first_is_asked_again_after_the_floor()
    {
        RequestDelegate good = _server.Respond;
        _server.Respond = Status(503);
        (await VerifyAsync(Token("RS256", "rs"))).Error.ShouldNotBeNull().Message.ShouldBe(UnknownKey);
        _server.Respond = good;
        (await VerifyAsync(Token("RS256", "rs"))).Accepted.ShouldBeFalse();
        _server.Requests.ShouldBe(1);

        _time.Advance(TimeSpan.FromSeconds(30));

        (await VerifyAsync(Token("RS256", "rs"))).Accepted.ShouldBeTrue();
    }

    [Theory]
    [InlineData("status")]
    [InlineData("redirect")]
    [InlineData("garbage")]
    [InlineData("no keys")]
    [InlineData("too large")]
    [InlineData("too large, streamed")]
    [InlineData("cut off")]
    public async Task Answer_that_is_no_key_set_leaves_the_old_keys_in_force(string answer)
    {
        TokenResult before = await VerifyAsync(Token("RS256", "rs"));
        bool followed = false;
        string large = TokenMaker.KeySet(_newKey) + new string(' ', JwksDocument.MaxBytes);
        _server.Respond = answer switch
        {
            "status" => Status(500),
            "redirect" => context =>
            {
                followed |= context.Request.Path != "/keys";
                context.Response.Redirect("/elsewhere");
                return Task.CompletedTask;
            },
            "garbage" => static context => context.Response.WriteAsync("<html>"),
            "no keys" => static context => context.Response.WriteAsync("""{"keys":[]}"""),
            "too large" => context =>
            {
                context.Response.ContentLength = large.Length;
                return context.Response.WriteAsync(large);
            },
            "too large, streamed" => context => context.Response.WriteAsync(large),
            _ => static async context =>
            {
                context.Response.ContentLength = 100;
                await context.Response.WriteAsync("{");
                await context.Response.Body.FlushAsync();
                context.Abort();
            },
        };
        _time.Advance(TimeSpan.FromMinutes(15));

        (await VerifyAsync(Token("RS256", "rs"))).Accepted.ShouldBeTrue();

        _server.Requests.ShouldBe(2);
        followed.ShouldBeFalse();
        before.Token.ShouldNotBeNull().IsValidAt(_time.GetUtcNow()).ShouldBeTrue();
    }

    [Fact]
    public async Task Address_that_does_not_answer_is_given_up_after_the_timeout()
    {
        await VerifyAsync(Token("RS256", "rs"));
        var asked = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _server.Respond = context =>
        {
            asked.TrySetResult();
            return Task.Delay(Timeout.Infinite, context.RequestAborted).ContinueWith(static _ => { }, TaskScheduler.Default);
        };
        _time.Advance(TimeSpan.FromMinutes(15));
        Task<TokenResult> verifying = VerifyAsync(Token("RS256", "rs"));
        await asked.Task;
        verifying.IsCompleted.ShouldBeFalse();

        _time.Advance(TimeSpan.FromSeconds(5));

        (await verifying).Accepted.ShouldBeTrue();
    }

    [Fact]
    public async Task Caller_that_goes_away_leaves_the_fetch_to_the_others()
    {
        var answer = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        RequestDelegate good = _server.Respond;
        _server.Respond = async context =>
        {
            await answer.Task;
            await good(context);
        };
        using var leaving = new CancellationTokenSource();
        Task<TokenResult> first = _verifier.VerifyAsync(Token("RS256", "rs"), leaving.Token).AsTask();
        Task<TokenResult> second = VerifyAsync(Token("RS256", "rs"));

        await leaving.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(first);
        answer.SetResult();

        (await second).Accepted.ShouldBeTrue();
        _server.Requests.ShouldBe(1);
    }

    [Fact]
    public async Task Set_of_a_file_is_read_again_when_a_token_names_an_unknown_key()
    {
        string file = Path.GetTempFileName();
        try
        {
            await File.WriteAllTextAsync(file, TokenMaker.KeySet());
            _verifier = TokenMaker.Verifier(new JwtOptions { JwksFile = file, Issuer = TokenMaker.Issuer, Audiences = [TokenMaker.Audience] }, _time);
            (await VerifyAsync(Token("RS256", "rs"))).Accepted.ShouldBeTrue();
            await File.WriteAllTextAsync(file, TokenMaker.KeySet(_newKey, "new"));

            (await VerifyAsync(NewToken())).Accepted.ShouldBeTrue();
            await File.WriteAllTextAsync(file, "nonsense");
            _time.Advance(TimeSpan.FromMinutes(15));
            (await VerifyAsync(NewToken())).Accepted.ShouldBeTrue();
        }
        finally
        {
            File.Delete(file);
        }
    }

    [Fact]
    public async Task Other_options_come_into_force_at_once_and_wrong_ones_not_at_all()
    {
        TokenResult fetched = await VerifyAsync(Token("RS256", "rs"));
        JwtOptions fixedKeys = TokenMaker.Options();

        _verifier.Replace(new JwtOptions(), "Carillon:Jwt").ShouldBe(["Carillon:Jwt must have a key: Keys, JwksFile or JwksAddress"]);
        fetched.Token.ShouldNotBeNull().IsValidAt(_time.GetUtcNow()).ShouldBeTrue();
        _verifier.Replace(fixedKeys).ShouldBeEmpty();

        fetched.Token.IsValidAt(_time.GetUtcNow()).ShouldBeFalse();
        TokenResult hs = await VerifyAsync(TokenMaker.Good());
        TokenResult rs = await VerifyAsync(TokenMaker.Good("RS256"));
        _verifier.Replace(TokenMaker.Options(static keys => keys.RemoveAt(1))).ShouldBeEmpty();
        hs.Token.ShouldNotBeNull().IsValidAt(_time.GetUtcNow()).ShouldBeTrue();
        rs.Token.ShouldNotBeNull().IsValidAt(_time.GetUtcNow()).ShouldBeFalse();
        (await VerifyAsync(TokenMaker.Good("RS256"))).Accepted.ShouldBeFalse();
    }

    private static RequestDelegate Status(int status) => context =>
    {
        context.Response.StatusCode = status;
        return Task.CompletedTask;
    };

    private static string Token(string algorithm, string kid) => TokenMaker.Make(algorithm, $$"""{"alg":"{{algorithm}}","kid":"{{kid}}"}""", TokenMaker.GoodClaims);

    private string NewToken()
    {
        string signed = $"{TokenMaker.Encode("""{"alg":"RS256","kid":"new"}""")}.{TokenMaker.Encode(TokenMaker.GoodClaims)}";
        return $"{signed}.{TokenMaker.Encode(_newKey.SignData(Encoding.ASCII.GetBytes(signed), HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1))}";
    }

    private Task<TokenResult> VerifyAsync(string token) => _verifier.VerifyAsync(token, CancellationToken.None).AsTask();
}
