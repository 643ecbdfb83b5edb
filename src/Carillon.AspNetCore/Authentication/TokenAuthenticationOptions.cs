using Carillon.Access;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.Options;

namespace Carillon.AspNetCore.Authentication;

/// <summary>How requests bring a token to an authentication scheme of Carillon.</summary>
public sealed class TokenAuthenticationOptions : AuthenticationSchemeOptions
{
    /// <summary>What <c>WWW-Authenticate</c> calls the application; printable ASCII without quotes and backslashes. Default <c>carillon</c>.</summary>
    public string Realm { get; set; } = "carillon";

    /// <summary>
    /// Whether a token may stand in the query as <c>access_token</c>, for clients that cannot set headers, such as the browser's <c>WebSocket</c> and <c>EventSource</c>.
    /// Default false: addresses are kept in logs and histories. With it, ASP.NET Core's own lines about requests, which hold the query, are switched off.
    /// </summary>
    public bool AllowQueryToken { get; set; }

    /// <summary>Whether an API key may stand in the header <c>X-Api-Key</c>; default false. It means nothing for JSON Web Tokens.</summary>
    public bool AllowKeyHeader { get; set; }

    /// <summary>The type of tokens that the scheme takes.</summary>
    internal string TokenType { get; set; } = TokenTypes.Jwt;

    /// <inheritdoc/>
    public override void Validate()
    {
        base.Validate();
        if (Realm.Length == 0 || Realm.AsSpan().IndexOfAnyExceptInRange(' ', '~') >= 0 || Realm.AsSpan().IndexOfAny('"', '\\') >= 0)
        {
            throw new OptionsValidationException(
                nameof(TokenAuthenticationOptions), typeof(TokenAuthenticationOptions), ["Realm must be printable ASCII without quotes and backslashes"]);
        }
    }
}
