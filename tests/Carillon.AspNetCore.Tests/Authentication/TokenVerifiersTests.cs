using Carillon.Access;
using Carillon.AspNetCore.Authentication;
using Carillon.AspNetCore.Authentication.ApiKeys;
using Carillon.Errors;
using Shouldly;
using Xunit;

namespace Carillon.AspNetCore.Tests.Authentication;

public sealed class TokenVerifiersTests
{
    private readonly TokenVerifiers _verifiers = new([TokenMaker.Verifier(), new ApiKeyVerifier(new ApiKeyRing([ApiKeyRingTests.Key("app", "s3cret")]))]);

    [Theory]
    [InlineData("api_key")]
    [InlineData("API_KEY")]
    [InlineData("application")]
    [InlineData("Application")]
    public async Task API_keys_are_known_by_each_of_their_names(string type) =>
        (await VerifyAsync(type, "s3cret")).Token.ShouldNotBeNull().Principal.Identity!.Name.ShouldBe("app");

    [Theory]
    [InlineData("jwt")]
    [InlineData("JWT")]
    [InlineData("bearer")]
    [InlineData("Bearer")]
    public async Task JSON_Web_Tokens_are_known_by_each_of_their_names(string type) =>
        (await VerifyAsync(type, TokenMaker.Good())).Token.ShouldNotBeNull().Principal.Identity!.Name.ShouldBe("ada");

    [Theory]
    [InlineData("basic", "x", "invalid_field", "Field 'authorization.type' is of no known type; known are: 'api_key', 'jwt'", "authorization.type")]
    [InlineData("jwt ", "x", "invalid_field", "Field 'authorization.type' is of no known type; known are: 'api_key', 'jwt'", "authorization.type")]
    [InlineData("jwt", null, "missing_field", "Field 'authorization.token' is missing", "authorization.token")]
    [InlineData("jwt", "", "missing_field", "Field 'authorization.token' is missing", "authorization.token")]
    public async Task Wrong_fields_are_refused_by_name(string? type, string? token, string code, string message, string field)
    {
        Error error = (await VerifyAsync(type, token)).Error.ShouldNotBeNull();

        error.Code.Name.ShouldBe(code);
        error.Message.ShouldBe(message);
        error.Field.ShouldBe(field);
    }

    [Fact]
    public async Task Wrong_token_is_unauthorized()
    {
        Error error = (await VerifyAsync("application", "wrong")).Error.ShouldNotBeNull();

        error.Code.ShouldBe(ErrorCode.Unauthorized);
        error.Code.HttpStatus.ShouldBe(401);
        error.Message.ShouldNotContain("wrong");
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    public async Task Token_without_a_type_is_of_the_type_that_it_looks_like(string? type)
    {
        (await VerifyAsync(type, "s3cret")).Token.ShouldNotBeNull().Principal.Identity!.Name.ShouldBe("app");
        (await VerifyAsync(type, TokenMaker.Good())).Token.ShouldNotBeNull().Principal.Identity!.Name.ShouldBe("ada");
    }

    [Fact]
    public async Task Fields_of_headers_are_named_without_an_object() =>
        (await _verifiers.VerifyAsync("basic", "x", CancellationToken.None, place: string.Empty)).Error.ShouldNotBeNull().Field.ShouldBe("type");

    [Fact]
    public async Task Without_verifiers_no_type_is_known() =>
        (await new TokenVerifiers([]).VerifyAsync("jwt", "x", CancellationToken.None)).Error.ShouldNotBeNull().Message
            .ShouldBe("Field 'authorization.type' is of no known type; no type is known here");

    [Fact]
    public void Two_verifiers_of_one_type_are_refused() =>
        Should.Throw<ArgumentException>(static () => new TokenVerifiers([TokenMaker.Verifier(), TokenMaker.Verifier()])).Message.ShouldContain("'jwt'");

    private ValueTask<TokenResult> VerifyAsync(string? type, string? token) => _verifiers.VerifyAsync(type, token, CancellationToken.None);
}
