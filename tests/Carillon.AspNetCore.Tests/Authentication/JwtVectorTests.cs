using System.Security.Claims;
using Carillon.Access;
using Carillon.AspNetCore.Authentication.Jwt;
using Carillon.Engines.Conformance;
using Microsoft.Extensions.Logging.Abstractions;
using Shouldly;
using Xunit;

namespace Carillon.AspNetCore.Tests.Authentication;

/// <summary>The examples of RFC 7515 appendix A.1 to A.3; the first one's claims are the example of RFC 7519 §3.1.</summary>
public sealed class JwtVectorTests : IDisposable
{
    private const string Claims = "eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ";
    private const string HmacKey = "AyM1SysPpbyDfgZld3umj1qzKObwVMkoqQ-EstJQLr_T-1qS0gZH75aKtMN3Yj0iPS4hcgUuTwjAzZr1Z9CAow";
    private const string HmacToken = $"eyJ0eXAiOiJKV1QiLA0KICJhbGciOiJIUzI1NiJ9.{Claims}.dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";

    private const string RsaToken = $"eyJhbGciOiJSUzI1NiJ9.{Claims}."
        + "cC4hiUPoj9Eetdgtv3hF80EGrhuB__dzERat0XF9g2VtQgr9PJbu3XOiZj5RZmh7AAuHIm4Bh-0Qc_lF5YKt_O8W2Fp5jujGbds9uJdbF9CUAr7t1dnZcAcQjbKBYNX4"
        + "BAynRFdiuB--f_nZLgrnbyTyWzO75vRK5h6xBArLIARNPvkSjtQBMHlb1L07Qe7K0GarZRmB_eSN9383LcOLn6_dO--xi12jzDwusC-eOkHWEsqtFZESc6BfI7noOPqv"
        + "hJ1phCnvWh6IeYI2w9QOYEUipUTI8np6LbgGY9Fs98rqVt5AXLIhWkWywlVmtVrBp0igcN_IoypGlUPQGe77Rw";

    private const string EcdsaToken = $"eyJhbGciOiJFUzI1NiJ9.{Claims}.DtEhU3ljbEg8L38VWAfUAqOyKAM6-Xx-F4GawxaepmXFCgfTjDxw5djxLa8ISlSApmWQxfKTUJqPP3-Kg6NU1Q";

    private const string PublicKeys = """
        {"keys":[
          {"kty":"RSA","e":"AQAB","n":"ofgWCuLjybRlzo0tZWJjNiuSfb4p4fAkd_wWJcyQoTbji9k0l8W26mPddxHmfHQp-Vaw-4qPCJrcS2mJPMEzP1Pt0Bm4d4QlL-yRT-SFd2lZS-pCgNMsD1W_YpRPEwOWvG6b32690r2jZ47soMZo9wGzjb_7OMg0LOL-bSf63kpaSHSXndS5z5rexMdbBYUsLA9e-KXBdQOS-UTo7WTBEMa2R2CapHg665xsmtdVMTBQY4uDZlxvb3qCo5ZwKh9kG4LT6_I5IhlJH7aGhyxXFvUK-DWNmoudF8NAco9_h9iaGNj8q2ethFkMLs91kzk2PAcDTW9gb54h4FRWyuXpoQ"},
          {"kty":"EC","crv":"P-256","x":"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU","y":"x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0"}]}
        """;

    private readonly string _file = Path.GetTempFileName();
    private readonly ManualTimeProvider _time = new();

    public void Dispose() => File.Delete(_file);

    [Theory]
    [InlineData(HmacToken)]
    [InlineData(RsaToken)]
    [InlineData(EcdsaToken)]
    public async Task Examples_of_the_RFC_are_verified_until_they_expire(string token)
    {
        await File.WriteAllTextAsync(_file, PublicKeys);
        var options = new JwtOptions
        {
            Keys = [new JwtKeySettings { Algorithm = JwtAlgorithm.HS256, SecretBase64 = HmacKey }],
            JwksFile = _file,
            Issuer = "joe",
            Audiences = ["none"],
            NameClaim = "iss",
        };

        // The examples name no audience; that is looked at last, so this refusal means that everything else was right.
        _time.StepWallClock(DateTimeOffset.FromUnixTimeSeconds(1_300_819_379) - _time.GetUtcNow());
        (await VerifyAsync(options, token)).Error.ShouldNotBeNull().Message.ShouldBe("The token has no audience ('aud')");
        _time.StepWallClock(TimeSpan.FromSeconds(31));
        (await VerifyAsync(options, token)).Error.ShouldNotBeNull().Message.ShouldBe("The token has expired");
    }

    [Fact]
    public async Task Example_with_a_shared_secret_gives_its_claims()
    {
        var options = new JwtOptions { Keys = [new JwtKeySettings { Algorithm = JwtAlgorithm.HS256, SecretBase64 = HmacKey }], NameClaim = "iss" };
        _time.StepWallClock(DateTimeOffset.FromUnixTimeSeconds(1_300_819_379) - _time.GetUtcNow());

        TokenResult result = await VerifyAsync(options, HmacToken);

        ClaimsPrincipal user = result.Token.ShouldNotBeNull().Principal;
        user.Identity!.Name.ShouldBe("joe");
        user.FindFirst("http://example.com/is_root")!.Value.ShouldBe("true");
        result.Token.ExpiresAt.ShouldBe(DateTimeOffset.FromUnixTimeSeconds(1_300_819_380 + 30));
    }

    private ValueTask<TokenResult> VerifyAsync(JwtOptions options, string token) =>
        new JwtVerifier(options, _time, NullLogger<JwtVerifier>.Instance).VerifyAsync(token, CancellationToken.None);
}
