using System.Security.Cryptography;
using System.Text;
using Carillon.Access;
using Carillon.AspNetCore.Authentication.Jwt;
using Carillon.Errors;
using Shouldly;
using Xunit;

namespace Carillon.AspNetCore.Tests.Authentication;

/// <summary>Tokens whose form, header or signature is wrong.</summary>
public sealed class JwtFormTests
{
    private const string NotThreeParts = "The token must be three parts of base64url, divided by dots";
    private const string NotGenuine = "The token's signature is not genuine";
    private const string WrongAlgorithm = "The token's algorithm ('alg') must be HS256, RS256 or ES256";
    private const string WrongHeader = "The token's header must be a JSON object without repeated keys";
    private const string WrongType = "The token's type ('typ') must be JWT or at+jwt";
    private const string WrongKeyId = "The token's key name ('kid') must be text";
    private const string UnknownKey = "The token is signed by a key that is not known here for its algorithm";

    private readonly JwtVerifier _verifier = TokenMaker.Verifier();

    [Theory]
    [InlineData("HS256")]
    [InlineData("RS256")]
    [InlineData("ES256")]
    public async Task Token_of_each_algorithm_is_accepted(string algorithm) => (await VerifyAsync(TokenMaker.Good(algorithm))).Accepted.ShouldBeTrue();

    [Theory]
    [InlineData("")]
    [InlineData(".")]
    [InlineData("..")]
    [InlineData("a.b.c")]
    [InlineData("eyJhbGciOiJIUzI1NiJ9.e30.")]
    [InlineData("eyJhbGciOiJIUzI1NiJ9..AAAA")]
    [InlineData(".e30.AAAA")]
    [InlineData("eyJhbGciOiJIUzI1NiJ9.e30")]
    [InlineData("eyJhbGciOiJIUzI1NiJ9.e30.AAAA.AAAA")]
    [InlineData("eyJhbGciOiJIUzI1NiJ9.e30.AAAA.AAAA.AAAA")]
    [InlineData("eyJhbGciOiJIUzI1NiJ9.é.AAAA")]
    [InlineData("eyJhbGciOiJIUzI1NiJ9.e30.AA\0A")]
    [InlineData("{\"payload\":\"e30\",\"signatures\":[]}")]
    public Task Text_that_is_no_token_is_refused(string token) => RefusedAsync(token, NotThreeParts);

    [Theory]
    [InlineData("=")]
    [InlineData("==")]
    [InlineData(" ")]
    [InlineData("\n")]
    [InlineData("A")]
    public async Task Signature_with_something_behind_it_is_refused(string tail)
    {
        (await VerifyAsync(TokenMaker.Good() + tail)).Accepted.ShouldBeFalse();
    }

    [Fact]
    public async Task Characters_of_plain_base64_are_refused()
    {
        // A signature that has both of the characters that differ; RSA is deterministic, so the claims vary.
        string token = Enumerable.Range(0, 1000)
            .Select(i => TokenMaker.Make("HS256", """{"alg":"HS256"}""", TokenMaker.Claims($"\"n\":{i}")))
            .First(token => token.LastIndexOf('-') > token.LastIndexOf('.') && token.LastIndexOf('_') > token.LastIndexOf('.'));

        (await VerifyAsync(token)).Accepted.ShouldBeTrue();
        await RefusedAsync(token.Replace('-', '+').Replace('_', '/'), NotThreeParts);
    }

    [Fact]
    public async Task Last_character_with_bits_left_over_is_refused()
    {
        // 32 bytes are 43 characters; the last one's two lowest bits mean nothing.
        string token = TokenMaker.Good();
        const string Alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
        foreach (int bits in new[] { 1, 2, 3 })
        {
            await RefusedAsync(token[..^1] + Alphabet[Alphabet.IndexOf(token[^1], StringComparison.Ordinal) | bits], NotThreeParts);
        }
    }

    [Fact]
    public async Task Token_longer_than_allowed_is_refused_before_it_is_looked_at()
    {
        await RefusedAsync(new string('.', 8193), "The token is longer than 8192 bytes");
        await RefusedAsync(new string('A', 10_000_000), "The token is longer than 8192 bytes");
        string filler = new('x', 8192);
        string token = TokenMaker.Make("HS256", """{"alg":"HS256"}""", TokenMaker.Claims($"\"x\":\"{filler}\""));
        await RefusedAsync(token, "The token is longer than 8192 bytes");
        string largest = LargestToken();
        largest.Length.ShouldBeInRange(8189, 8192);
        (await VerifyAsync(largest)).Accepted.ShouldBeTrue();
    }

    [Theory]
    [InlineData("none")]
    [InlineData("None")]
    [InlineData("NONE")]
    [InlineData("nOnE")]
    [InlineData("")]
    [InlineData("hs256")]
    [InlineData("HS256 ")]
    [InlineData("HS384")]
    [InlineData("HS512")]
    [InlineData("RS512")]
    [InlineData("PS256")]
    [InlineData("ES256K")]
    [InlineData("EdDSA")]
    [InlineData("RSA-OAEP")]
    public async Task Other_algorithm_is_refused_whatever_its_case(string algorithm)
    {
        string header = $$"""{"alg":"{{algorithm}}","typ":"JWT"}""";
        await RefusedAsync(TokenMaker.Make("HS256", header, TokenMaker.GoodClaims), WrongAlgorithm);
        await RefusedAsync($"{TokenMaker.Encode(header)}.{TokenMaker.Encode(TokenMaker.GoodClaims)}.", NotThreeParts);
    }

    [Theory]
    [InlineData("{}", WrongAlgorithm)]
    [InlineData("""{"alg":null}""", WrongAlgorithm)]
    [InlineData("""{"alg":["HS256"]}""", WrongAlgorithm)]
    [InlineData("""{"alg":"\ud800"}""", WrongAlgorithm)]
    [InlineData("""{"ALG":"HS256"}""", WrongAlgorithm)]
    [InlineData("""["alg","HS256"]""", WrongHeader)]
    [InlineData("null", WrongHeader)]
    [InlineData("", NotThreeParts)]
    [InlineData("{", WrongHeader)]
    [InlineData("""{"alg":"HS256"}{}""", WrongHeader)]
    [InlineData("""{"alg":"HS256",}""", WrongHeader)]
    [InlineData("""{"alg":"HS256"/**/}""", WrongHeader)]
    [InlineData("""{"alg":"none","alg":"HS256"}""", WrongHeader)]
    [InlineData("""{"alg":"HS256","alg":"none"}""", WrongHeader)]
    [InlineData("""{"alg":"HS256","\u0061lg":"HS256"}""", WrongHeader)]
    [InlineData("""{"alg":"HS256","\ud800":1}""", WrongHeader)]
    [InlineData("""{"alg":"HS256","jwk":{"k":1,"k":2}}""", WrongHeader)]
    [InlineData("""{"alg":"HS256","x":[[[[[[[[[1]]]]]]]]]}""", WrongHeader)]
    [InlineData("""{"alg":"HS256","crit":["exp"],"exp":1}""", "The token's header asks for extensions ('crit', 'b64'), and none is understood")]
    [InlineData("""{"alg":"HS256","crit":[]}""", "The token's header asks for extensions ('crit', 'b64'), and none is understood")]
    [InlineData("""{"alg":"HS256","b64":false,"crit":["b64"]}""", "The token's header asks for extensions ('crit', 'b64'), and none is understood")]
    [InlineData("""{"alg":"HS256","b64":false}""", "The token's header asks for extensions ('crit', 'b64'), and none is understood")]
    [InlineData("""{"alg":"HS256","typ":"JWE"}""", WrongType)]
    [InlineData("""{"alg":"HS256","typ":"dpop+jwt"}""", WrongType)]
    [InlineData("""{"alg":"HS256","typ":1}""", WrongType)]
    [InlineData("""{"alg":"HS256","kid":1}""", WrongKeyId)]
    [InlineData("""{"alg":"HS256","kid":["hs"]}""", WrongKeyId)]
    [InlineData("""{"alg":"HS256","kid":null}""", WrongKeyId)]
    public Task Wrong_header_is_refused_though_its_signature_is_genuine(string header, string reason) =>
        RefusedAsync(TokenMaker.Make("HS256", header, TokenMaker.GoodClaims), reason);

    [Theory]
    [InlineData("""{"alg":"HS256"}""")]
    [InlineData("""{"alg":"HS256","typ":"jwt"}""")]
    [InlineData("""{"alg":"HS256","typ":"at+jwt","kid":"hs"}""")]
    [InlineData("""{"alg":"HS256","typ":"application/at+jwt"}""")]
    [InlineData("""{"alg":"HS256","unknown":{"a":[1]}}""")]
    public async Task Header_that_is_unusual_but_right_is_accepted(string header) =>
        (await VerifyAsync(TokenMaker.Make("HS256", header, TokenMaker.GoodClaims))).Accepted.ShouldBeTrue();

    [Fact]
    public Task Header_that_is_not_UTF8_is_refused()
    {
        byte[] header = [.. """{"alg":"HS256","x":" """u8, 0xC0, 0x80, .. "\"}"u8];
        string signed = $"{TokenMaker.Encode(header)}.{TokenMaker.Encode(TokenMaker.GoodClaims)}";
        return RefusedAsync($"{signed}.{TokenMaker.Encode(TokenMaker.Sign("HS256", signed))}", WrongHeader);
    }

    [Theory]
    [InlineData("../../../../dev/null")]
    [InlineData("/dev/null")]
    [InlineData("' OR 1=1 --")]
    [InlineData("hs'; DROP TABLE keys; --")]
    [InlineData("https://evil.test/jwks.json")]
    [InlineData("hs\\u0000")]
    [InlineData("HS")]
    [InlineData("")]
    public async Task Key_name_that_nobody_has_is_refused(string kid) =>
        await RefusedAsync(TokenMaker.Make("HS256", $$"""{"alg":"HS256","kid":"{{kid}}"}""", TokenMaker.GoodClaims), UnknownKey);

    [Fact]
    public async Task Token_must_name_its_key_where_there_are_many()
    {
        JwtVerifier verifier = TokenMaker.Verifier(TokenMaker.Options(static keys => keys.AddRange(
            Enumerable.Range(0, 8).Select(static i => new JwtKeySettings { Algorithm = JwtAlgorithm.HS256, KeyId = $"other-{i}", Secret = $"{TokenMaker.Secret} {i}" }))));

        (await verifier.VerifyAsync(TokenMaker.Good(), CancellationToken.None)).Error.ShouldNotBeNull().Message.ShouldBe("The token must name its key ('kid')");
        string named = TokenMaker.Make("HS256", """{"alg":"HS256","kid":"hs"}""", TokenMaker.GoodClaims);
        (await verifier.VerifyAsync(named, CancellationToken.None)).Accepted.ShouldBeTrue();
    }

    [Fact]
    public async Task Huge_key_name_is_refused() =>
        await RefusedAsync(TokenMaker.Make("HS256", $$"""{"alg":"HS256","kid":"{{new string('k', 5000)}}"}""", TokenMaker.GoodClaims), UnknownKey);

    [Theory]
    [InlineData("HS256", "rs")]
    [InlineData("HS256", "es")]
    [InlineData("RS256", "hs")]
    [InlineData("ES256", "rs")]
    public Task Name_of_a_key_of_another_algorithm_is_refused(string algorithm, string kid) =>
        RefusedAsync(TokenMaker.Make(algorithm, $$"""{"alg":"{{algorithm}}","kid":"{{kid}}"}""", TokenMaker.GoodClaims), UnknownKey);

    [Fact]
    public async Task Token_signed_by_HS256_with_a_public_key_as_its_secret_is_refused()
    {
        byte[][] secrets =
        [
            Encoding.ASCII.GetBytes(TokenMaker.Rsa.ExportSubjectPublicKeyInfoPem()),
            Encoding.ASCII.GetBytes(TokenMaker.Rsa.ExportSubjectPublicKeyInfoPem() + "\n"),
            Encoding.ASCII.GetBytes(TokenMaker.Rsa.ExportRSAPublicKeyPem()),
            TokenMaker.Rsa.ExportSubjectPublicKeyInfo(),
            TokenMaker.Rsa.ExportRSAPublicKey(),
            TokenMaker.Rsa.ExportParameters(includePrivateParameters: false).Modulus!,
        ];
        JwtVerifier onlyPublic = TokenMaker.Verifier(TokenMaker.Options(static keys => keys.RemoveAt(0)));
        foreach (byte[] secret in secrets)
        {
            foreach (string kid in new[] { string.Empty, ",\"kid\":\"rs\"" })
            {
                string signed = $"{TokenMaker.Encode($$"""{"alg":"HS256"{{kid}}}""")}.{TokenMaker.Encode(TokenMaker.GoodClaims)}";
                string token = $"{signed}.{TokenMaker.Encode(HMACSHA256.HashData(secret, Encoding.ASCII.GetBytes(signed)))}";

                (await onlyPublic.VerifyAsync(token, CancellationToken.None)).Error.ShouldNotBeNull().Message.ShouldBe(UnknownKey);
                (await VerifyAsync(token)).Accepted.ShouldBeFalse();
            }
        }
    }

    [Fact]
    public async Task Keys_that_a_token_brings_itself_are_not_looked_at()
    {
        using RSA own = RSA.Create(2048);
        RSAParameters key = own.ExportParameters(includePrivateParameters: false);
        string jwk = $$"""{"kty":"RSA","kid":"rs","n":"{{TokenMaker.Encode(key.Modulus!)}}","e":"AQAB"}""";
        string[] headers =
        [
            $$"""{"alg":"RS256","jwk":{{jwk}}}""",
            $$"""{"alg":"RS256","kid":"rs","jwk":{{jwk}}}""",
            """{"alg":"RS256","jku":"http://127.0.0.1:1/keys"}""",
            """{"alg":"RS256","x5u":"http://127.0.0.1:1/chain","x5c":["MIIB"],"x5t":"AAAA"}""",
        ];
        foreach (string header in headers)
        {
            string signed = $"{TokenMaker.Encode(header)}.{TokenMaker.Encode(TokenMaker.GoodClaims)}";
            byte[] forged = own.SignData(Encoding.ASCII.GetBytes(signed), HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);

            await RefusedAsync($"{signed}.{TokenMaker.Encode(forged)}", NotGenuine);
            await AcceptedAsync($"{signed}.{TokenMaker.Encode(TokenMaker.Sign("RS256", signed))}");
        }
    }

    [Theory]
    [InlineData("HS256", 32)]
    [InlineData("HS256", 31)]
    [InlineData("HS256", 1)]
    [InlineData("RS256", 256)]
    [InlineData("RS256", 255)]
    [InlineData("RS256", 1)]
    [InlineData("ES256", 64)]
    [InlineData("ES256", 63)]
    [InlineData("ES256", 65)]
    [InlineData("ES256", 128)]
    [InlineData("ES256", 0)]
    public async Task Signature_of_zeros_is_refused(string algorithm, int length)
    {
        string good = TokenMaker.Good(algorithm);
        string token = good[..(good.LastIndexOf('.') + 1)] + TokenMaker.Encode(new byte[length]);

        await RefusedAsync(token, length == 0 ? NotThreeParts : NotGenuine);
    }

    [Fact]
    public async Task Ecdsa_signature_in_DER_form_or_of_another_length_is_refused()
    {
        string good = TokenMaker.Good("ES256");
        string signed = good[..good.LastIndexOf('.')];
        byte[] der = TokenMaker.Ecdsa.SignData(Encoding.ASCII.GetBytes(signed), HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence);
        byte[] plain = TokenMaker.Sign("ES256", signed);

        await AcceptedAsync($"{signed}.{TokenMaker.Encode(plain)}");
        await RefusedAsync($"{signed}.{TokenMaker.Encode(der)}", NotGenuine);
        await RefusedAsync($"{signed}.{TokenMaker.Encode([.. plain, 0])}", NotGenuine);
        await RefusedAsync($"{signed}.{TokenMaker.Encode([0, .. plain])}", NotGenuine);
        await RefusedAsync($"{signed}.{TokenMaker.Encode(plain[..63])}", NotGenuine);
    }

    [Fact]
    public async Task Signature_of_another_key_is_refused()
    {
        string good = TokenMaker.Good("RS256");
        string signed = good[..good.LastIndexOf('.')];
        using RSA other = RSA.Create(2048);
        byte[] bytes = Encoding.ASCII.GetBytes(signed);

        await RefusedAsync($"{signed}.{TokenMaker.Encode(other.SignData(bytes, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1))}", NotGenuine);
        await RefusedAsync($"{signed}.{TokenMaker.Encode(TokenMaker.Rsa.SignData(bytes, HashAlgorithmName.SHA256, RSASignaturePadding.Pss))}", NotGenuine);
        await RefusedAsync($"{signed}.{TokenMaker.Encode(TokenMaker.Rsa.SignData(bytes, HashAlgorithmName.SHA512, RSASignaturePadding.Pkcs1))}", NotGenuine);
    }

    private static string LargestToken()
    {
        int filler = 5800;
        string token;
        do
        {
            token = TokenMaker.Make("HS256", """{"alg":"HS256"}""", TokenMaker.Claims($"\"x\":\"{new string('x', filler++)}\""));
        }
        while (token.Length < 8189);
        return token;
    }

    private ValueTask<TokenResult> VerifyAsync(string token) => _verifier.VerifyAsync(token, CancellationToken.None);

    private async Task AcceptedAsync(string token) => (await VerifyAsync(token)).Error.ShouldBeNull();

    private async Task RefusedAsync(string token, string reason)
    {
        TokenResult result = await VerifyAsync(token);
        result.Error.ShouldNotBeNull().Message.ShouldBe(reason);
        result.Error.Code.ShouldBe(ErrorCode.Unauthorized);
        result.Token.ShouldBeNull();
    }
}
