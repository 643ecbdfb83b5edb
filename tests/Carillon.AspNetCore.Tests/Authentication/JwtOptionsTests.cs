using System.Security.Cryptography;
using Carillon.AspNetCore.Authentication.Jwt;
using Carillon.Engines.Conformance;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Shouldly;
using Xunit;

namespace Carillon.AspNetCore.Tests.Authentication;

/// <summary>What is refused before anything starts, and with which sentence.</summary>
public sealed class JwtOptionsTests : IDisposable
{
    private readonly string _file = Path.GetTempFileName();

    public void Dispose() => File.Delete(_file);

    [Fact]
    public void Good_options_have_no_fault()
    {
        File.WriteAllText(_file, TokenMaker.KeySet());
        TokenMaker.Options().Check("Jwt").ShouldBeEmpty();
        new JwtOptions { JwksFile = _file, Issuer = "i", Audiences = ["a"] }.Check("Jwt").ShouldBeEmpty();
        new JwtOptions { JwksAddress = "https://issuer.test/keys", Issuer = "i", Audiences = ["a"] }.Check("Jwt").ShouldBeEmpty();
        new JwtOptions { JwksAddress = "http://127.0.0.1:5000/keys", Issuer = "i", Audiences = ["a"] }.Check("Jwt").ShouldBeEmpty();
        new JwtOptions { JwksAddress = "http://[::1]/keys", Issuer = "i", Audiences = ["a"] }.Check("Jwt").ShouldBeEmpty();
    }

    [Fact]
    public void Options_without_a_key_are_refused() => new JwtOptions().Check("Jwt").ShouldBe(["Jwt must have a key: Keys, JwksFile or JwksAddress"]);

    [Theory]
    [InlineData("http://issuer.test/keys")]
    [InlineData("http://127.0.0.1.evil.test/keys")]
    [InlineData("http://10.0.0.1/keys")]
    [InlineData("ftp://issuer.test/keys")]
    [InlineData("file:///etc/keys")]
    [InlineData("/keys")]
    [InlineData("https://user:password@issuer.test/keys")]
    [InlineData("")]
    public void Address_that_others_could_read_or_change_is_refused(string address) =>
        new JwtOptions { JwksAddress = address, Issuer = "i", Audiences = ["a"] }.Check("Jwt")
            .ShouldBe(["Jwt:JwksAddress must be an https address, or an http address of this machine, without user or password"]);

    [Fact]
    public void Public_keys_without_issuer_and_audience_are_refused()
    {
        var options = new JwtOptions { JwksAddress = "https://issuer.test/keys" };

        options.Check("Jwt").ShouldBe([
            "Jwt:Issuer is missing; with public keys, tokens of other issuers that share them would be accepted",
            "Jwt:Audiences is missing; with public keys, tokens that were issued for other services would be accepted"]);
    }

    [Fact]
    public void Both_a_file_and_an_address_are_refused()
    {
        File.WriteAllText(_file, TokenMaker.KeySet());
        new JwtOptions { JwksFile = _file, JwksAddress = "https://issuer.test/keys", Issuer = "i", Audiences = ["a"] }.Check("Jwt")
            .ShouldBe(["Jwt must not have both JwksFile and JwksAddress"]);
    }

    [Fact]
    public void Values_out_of_range_are_refused_each_by_its_name()
    {
        var options = new JwtOptions
        {
            Keys = [new JwtKeySettings { Algorithm = JwtAlgorithm.HS256, Secret = TokenMaker.Secret }],
            ClockSkew = TimeSpan.FromMinutes(6),
            MaxTokenBytes = 511,
            NameClaim = string.Empty,
            Issuer = string.Empty,
            Audiences = [string.Empty],
            JwksTimeout = TimeSpan.Zero,
            JwksFetchFloor = TimeSpan.Zero,
            JwksRefreshInterval = TimeSpan.Zero,
        };

        options.Check("Jwt").Select(static problem => problem.Split(' ')[0]).ShouldBe(
            ["Jwt:Issuer", "Jwt:Audiences", "Jwt:JwksRefreshInterval", "Jwt:JwksFetchFloor", "Jwt:JwksTimeout", "Jwt:ClockSkew", "Jwt:MaxTokenBytes", "Jwt:NameClaim"]);
    }

    [Fact]
    public void Weak_or_wrong_keys_are_refused()
    {
        using RSA weak = RSA.Create(1024);
        using ECDsa otherCurve = ECDsa.Create(ECCurve.NamedCurves.nistP384);
        using ECDsa koblitz = ECDsa.Create(ECCurve.CreateFromValue("1.3.132.0.10"));
        string rsaPem = TokenMaker.Rsa.ExportSubjectPublicKeyInfoPem();
        string ecPem = TokenMaker.Ecdsa.ExportSubjectPublicKeyInfoPem();

        Problem(new() { Secret = "x" }).ShouldBe("Jwt:Keys:0:Algorithm must be HS256, RS256 or ES256");
        Problem(new() { Algorithm = (JwtAlgorithm)7, Secret = "x" }).ShouldBe("Jwt:Keys:0:Algorithm must be HS256, RS256 or ES256");
        Problem(new() { Algorithm = JwtAlgorithm.HS256 }).ShouldBe("Jwt:Keys:0 must have exactly one of Secret, SecretBase64, PublicKey and PublicKeyFile");
        Problem(new() { Algorithm = JwtAlgorithm.HS256, Secret = TokenMaker.Secret, SecretBase64 = "AAAA" })
            .ShouldBe("Jwt:Keys:0 must have exactly one of Secret, SecretBase64, PublicKey and PublicKeyFile");
        Problem(new() { Algorithm = JwtAlgorithm.HS256, Secret = new string('x', 31) }).ShouldBe("Jwt:Keys:0:Secret must have at least 32 bytes, but has 31");
        Problem(new() { Algorithm = JwtAlgorithm.HS256, SecretBase64 = "AAAA" }).ShouldBe("Jwt:Keys:0:SecretBase64 must have at least 32 bytes, but has 3");
        Problem(new() { Algorithm = JwtAlgorithm.HS256, SecretBase64 = "not base64!" }).ShouldBe("Jwt:Keys:0:SecretBase64 must be base64 or base64url");
        Problem(new() { Algorithm = JwtAlgorithm.HS256, Secret = rsaPem }).ShouldBe("Jwt:Keys:0:Secret must be a secret, but is a key in PEM form");
        Problem(new() { Algorithm = JwtAlgorithm.HS256, PublicKey = rsaPem }).ShouldBe("Jwt:Keys:0:PublicKey does not go with HS256, which needs Secret or SecretBase64");
        Problem(new() { Algorithm = JwtAlgorithm.RS256, Secret = TokenMaker.Secret }).ShouldBe("Jwt:Keys:0:Secret does not go with RS256, which needs PublicKey or PublicKeyFile");
        Problem(new() { Algorithm = JwtAlgorithm.RS256, PublicKey = weak.ExportSubjectPublicKeyInfoPem() }).ShouldBe("Jwt:Keys:0:PublicKey must have 2048 to 8192 bits, but has 1024");
        Problem(new() { Algorithm = JwtAlgorithm.RS256, PublicKey = ecPem }).ShouldBe("Jwt:Keys:0:PublicKey must be an RSA public key in PEM form (-----BEGIN PUBLIC KEY-----)");
        Problem(new() { Algorithm = JwtAlgorithm.ES256, PublicKey = rsaPem }).ShouldBe("Jwt:Keys:0:PublicKey must be a P-256 public key in PEM form (-----BEGIN PUBLIC KEY-----)");
        Problem(new() { Algorithm = JwtAlgorithm.ES256, PublicKey = "text" }).ShouldBe("Jwt:Keys:0:PublicKey must be a P-256 public key in PEM form (-----BEGIN PUBLIC KEY-----)");
        Problem(new() { Algorithm = JwtAlgorithm.ES256, PublicKey = otherCurve.ExportSubjectPublicKeyInfoPem() }).ShouldBe("Jwt:Keys:0:PublicKey must lie on the curve P-256");
        Problem(new() { Algorithm = JwtAlgorithm.ES256, PublicKey = koblitz.ExportSubjectPublicKeyInfoPem() }).ShouldBe("Jwt:Keys:0:PublicKey must lie on the curve P-256");
        Problem(new() { Algorithm = JwtAlgorithm.RS256, PublicKey = TokenMaker.Rsa.ExportPkcs8PrivateKeyPem() }).ShouldBe("Jwt:Keys:0:PublicKey must be a public key, but is a private one");
        Problem(new() { Algorithm = JwtAlgorithm.RS256, PublicKeyFile = "/no/such/file.pem" }).ShouldStartWith("Jwt:Keys:0:PublicKeyFile cannot be read: ");
        Problem(new() { Algorithm = JwtAlgorithm.RS256, KeyId = "a\nb", PublicKey = rsaPem }).ShouldStartWith("Jwt:Keys:0:KeyId is no name of a key: ");
    }

    [Fact]
    public async Task Public_key_of_a_file_verifies()
    {
        await File.WriteAllTextAsync(_file, TokenMaker.Rsa.ExportSubjectPublicKeyInfoPem());
        JwtVerifier verifier = TokenMaker.Verifier(TokenMaker.Options(keys =>
        {
            keys.Clear();
            keys.Add(new JwtKeySettings { Algorithm = JwtAlgorithm.RS256, PublicKeyFile = _file });
        }));

        (await verifier.VerifyAsync(TokenMaker.Good("RS256"), CancellationToken.None)).Accepted.ShouldBeTrue();
    }

    [Fact]
    public void Same_name_twice_for_one_algorithm_is_refused()
    {
        JwtOptions options = TokenMaker.Options(static keys => keys.Add(new JwtKeySettings { Algorithm = JwtAlgorithm.HS256, KeyId = "hs", Secret = new string('y', 32) }));

        options.Check("Jwt").ShouldBe(["Jwt:Keys names 'hs' more than once for HS256"]);
    }

    [Theory]
    [InlineData("", "is no JWK set: it must be a JSON object with an array 'keys'")]
    [InlineData("""{"keys":{}}""", "is no JWK set: it must be a JSON object with an array 'keys'")]
    [InlineData("""{"keys":[],"keys":[]}""", "is no JWK set: it must be a JSON object with an array 'keys'")]
    [InlineData("""{"keys":[]}""", "has no public key for RS256 (2048 to 8192 bits) or ES256 (P-256)")]
    [InlineData("""{"keys":[1,null,{},{"kty":1},{"kty":"OKP","crv":"Ed25519","x":"AAAA"}]}""", "has no public key for RS256 (2048 to 8192 bits) or ES256 (P-256)")]
    [InlineData("""{"keys":[{"kty":"oct","alg":"HS256","k":"AyM1SysPpbyDfgZld3umj1qzKObwVMkoqQ-EstJQLr_T-1qS0gZH75aKtMN3Yj0iPS4hcgUuTwjAzZr1Z9CAow"}]}""", "has no public key for RS256 (2048 to 8192 bits) or ES256 (P-256)")]
    [InlineData("""{"keys":[{"kty":"RSA","n":"AQAB","e":"AQAB"}]}""", "has no public key for RS256 (2048 to 8192 bits) or ES256 (P-256)")]
    [InlineData("""{"keys":[{"kty":"EC","crv":"P-256","x":"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA","y":"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"}]}""", "has no public key for RS256 (2048 to 8192 bits) or ES256 (P-256)")]
    public void File_without_a_usable_key_is_refused(string content, string problem)
    {
        File.WriteAllText(_file, content);

        new JwtOptions { JwksFile = _file, Issuer = "i", Audiences = ["a"] }.Check("Jwt").ShouldBe([$"Jwt:JwksFile {problem}"]);
    }

    [Theory]
    [InlineData("\"use\":\"enc\",")]
    [InlineData("\"alg\":\"RS512\",")]
    [InlineData("\"key_ops\":[\"encrypt\"],")]
    [InlineData("\"d\":\"AQAB\",")]
    [InlineData("\"kid\":1,")]
    public void Key_that_is_for_something_else_is_passed_over(string member)
    {
        RSAParameters key = TokenMaker.Rsa.ExportParameters(includePrivateParameters: false);
        string rest = $$"""{{member}}"kty":"RSA","n":"{{TokenMaker.Encode(key.Modulus!)}}","e":"AQAB"}]}""";
        File.WriteAllText(_file, "{\"keys\":[{" + rest);

        new JwtOptions { JwksFile = _file, Issuer = "i", Audiences = ["a"] }.Check("Jwt").ShouldHaveSingleItem().ShouldContain("has no public key");
    }

    [Fact]
    public void Verifier_with_wrong_options_does_not_come_into_being() =>
        Should.Throw<OptionsValidationException>(() => new JwtVerifier(new JwtOptions(), new ManualTimeProvider(), NullLogger<JwtVerifier>.Instance))
            .Failures.ShouldBe(["JwtOptions must have a key: Keys, JwksFile or JwksAddress"]);

    private static string Problem(JwtKeySettings key) => new JwtOptions { Keys = [key], Issuer = "i", Audiences = ["a"] }.Check("Jwt").ShouldHaveSingleItem();
}
