using System.Security.Claims;
using System.Text.Encodings.Web;
using Carillon.Access;
using Carillon.AspNetCore.Http;
using Carillon.Errors;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Carillon.AspNetCore.Authentication;

/// <summary>
/// Authenticates requests by a token of one type. It answers a challenge with 401 and <c>WWW-Authenticate</c> (RFC 6750 §3), a refusal with 403, and both with a JSON error.
/// </summary>
internal sealed class TokenAuthenticationHandler(
    IOptionsMonitor<TokenAuthenticationOptions> options,
    ILoggerFactory logger,
    UrlEncoder encoder,
    TokenVerifiers verifiers) : AuthenticationHandler<TokenAuthenticationOptions>(options, logger, encoder)
{
    private Error? _refusal;
    private string? _refusalCode;

    protected override async Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        RequestToken found = RequestToken.Find(Request, Options);
        if (found.Problem is { } problem)
        {
            return Refuse(new Error(ErrorCode.Unauthorized, problem), "invalid_request");
        }

        if (found.Value is null)
        {
            return AuthenticateResult.NoResult();
        }

        TokenResult result = await verifiers.VerifyAsync(Options.TokenType, found.Value, Context.RequestAborted);
        if (!result.Accepted)
        {
            return Refuse(result.Error, "invalid_token");
        }

        // The framework's place for what an identity came from: it survives copies and merges of principals, and HttpRequester finds it there.
        foreach (ClaimsIdentity identity in result.Token.Principal.Identities)
        {
            identity.BootstrapContext = result.Token;
        }

        var properties = new AuthenticationProperties { ExpiresUtc = result.Token.ExpiresAt };
        return AuthenticateResult.Success(new AuthenticationTicket(result.Token.Principal, properties, Scheme.Name));
    }

    protected override async Task HandleChallengeAsync(AuthenticationProperties properties)
    {
        await HandleAuthenticateOnceSafeAsync();

        // RFC 6750 §3.1: a request without credentials is told no error code.
        Response.Headers.WWWAuthenticate = _refusal is null
            ? $"{HeaderScheme} realm=\"{Options.Realm}\""
            : $"{HeaderScheme} realm=\"{Options.Realm}\", error=\"{_refusalCode}\", error_description=\"{Describe(_refusal.Message)}\"";
        await AnswerAsync(_refusal ?? new Error(ErrorCode.Unauthorized, "This needs credentials"));
    }

    protected override Task HandleForbiddenAsync(AuthenticationProperties properties)
    {
        Response.Headers.WWWAuthenticate = $"{HeaderScheme} realm=\"{Options.Realm}\", error=\"insufficient_scope\"";
        return AnswerAsync(new Error(ErrorCode.Forbidden, "These credentials do not allow this"));
    }

    private string HeaderScheme => Options.TokenType == TokenTypes.ApiKey ? "ApiKey" : "Bearer";

    /// <summary>RFC 6750 §3: neither quotes nor backslashes, and nothing but printable ASCII.</summary>
    private static string Describe(string message) => string.Create(message.Length, message, static (text, source) =>
    {
        for (int i = 0; i < text.Length; i++)
        {
            text[i] = source[i] switch
            {
                '"' or '\\' => '\'',
                < ' ' or > '~' => '?',
                _ => source[i],
            };
        }
    });

    private AuthenticateResult Refuse(Error error, string code)
    {
        _refusal = error;
        _refusalCode = code;
        Context.Features.Set(new TokenRefusal(error));
        return AuthenticateResult.Fail(error.Message);
    }

    private Task AnswerAsync(Error error)
    {
        if (!Response.HasStarted)
        {
            return HttpAnswer.SendAsync(Context, error);
        }

        Response.StatusCode = error.Code.HttpStatus;
        return Task.CompletedTask;
    }
}
