using Carillon.Access;
using Carillon.AspNetCore.Authentication.Jwt;
using FsCheck;
using FsCheck.Fluent;
using Shouldly;
using Xunit;

namespace Carillon.AspNetCore.Tests.Authentication;

public sealed class JwtPropertyTests
{
    private static readonly string[] Algorithms = ["HS256", "RS256", "ES256"];

    private readonly JwtVerifier _verifier = TokenMaker.Verifier();

    /// <summary>Every single bit of three tokens, so that none is missed by chance.</summary>
    [Fact]
    public async Task Token_with_any_one_bit_flipped_is_refused()
    {
        foreach (string algorithm in Algorithms)
        {
            char[] token = TokenMaker.Good(algorithm).ToCharArray();
            (await VerifyAsync(new string(token))).Accepted.ShouldBeTrue();
            for (int bit = 0; bit < 8 * token.Length; bit++)
            {
                token[bit / 8] ^= (char)(1 << (bit % 8));
                (await VerifyAsync(new string(token))).Accepted.ShouldBeFalse($"bit {bit} of {new string(token)}");
                token[bit / 8] ^= (char)(1 << (bit % 8));
            }
        }
    }

    [Fact]
    public void Token_of_any_claims_is_accepted_as_it_is_and_refused_with_a_bit_flipped() =>
        Check.One(
            Config.QuickThrowOnFailure.WithMaxTest(300).WithQuietOnSuccess(true),
            Prop.ForAll<NonNull<string>, NonNegativeInt, NonNegativeInt>((text, choice, place) =>
            {
                string algorithm = Algorithms[choice.Get % Algorithms.Length];
                string value = System.Text.Json.JsonSerializer.Serialize(text.Get.Length > 500 ? text.Get[..500] : text.Get);
                char[] token = TokenMaker.Make(algorithm, $$"""{"alg":"{{algorithm}}"}""", TokenMaker.Claims($"\"any\":{value}")).ToCharArray();
                Verify(new string(token)).Error.ShouldBeNull();
                int bit = (int)((place.Get * 7919L) + choice.Get) % (8 * token.Length);
                token[bit / 8] ^= (char)(1 << (bit % 8));
                Verify(new string(token)).Accepted.ShouldBeFalse();
            }));

    [Fact]
    public void Any_text_is_refused_without_an_exception() =>
        Check.One(
            Config.QuickThrowOnFailure.WithMaxTest(1000).WithQuietOnSuccess(true),
            Prop.ForAll<NonNull<string>, byte[], byte[]>((text, header, claims) =>
            {
                Verify(text.Get).Accepted.ShouldBeFalse();
                string signed = $"{TokenMaker.Encode(header ?? [])}.{TokenMaker.Encode(claims ?? [])}";
                Verify($"{signed}.{TokenMaker.Encode(TokenMaker.Sign("HS256", signed))}").Accepted.ShouldBeFalse();

                string genuine = $"{TokenMaker.Encode("""{"alg":"HS256"}""")}.{TokenMaker.Encode(claims ?? [])}";
                Verify($"{genuine}.{TokenMaker.Encode(TokenMaker.Sign("HS256", genuine))}").Accepted.ShouldBeFalse();
            }));

    private ValueTask<TokenResult> VerifyAsync(string token) => _verifier.VerifyAsync(token, CancellationToken.None);

    // With keys of the configuration alone nothing is ever waited for.
    private TokenResult Verify(string token)
    {
        ValueTask<TokenResult> verifying = VerifyAsync(token);
#pragma warning disable VSTHRD002 // it is complete
        return verifying.IsCompletedSuccessfully ? verifying.Result : throw new InvalidOperationException("It waited.");
#pragma warning restore VSTHRD002
    }
}
