using System.Net;
using Carillon.Access;
using Carillon.Errors;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Http;

namespace Carillon.AspNetCore.Authentication;

/// <summary>Tells who sends a request, whatever scheme authenticated him.</summary>
public static class HttpRequester
{
    /// <summary>
    /// The requester: the request's user and address, with the tokens of Carillon's schemes that say who he is, and the end that any other scheme gave its ticket.
    /// Meant to be taken when the request begins, and kept for as long as its connection lives.
    /// </summary>
    public static Requester GetRequester(this HttpContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        IPAddress? address = context.Connection.RemoteIpAddress;
        if (!context.User.Identities.Any(static identity => identity.IsAuthenticated))
        {
            return new Requester(context.User, address);
        }

        IEnumerable<VerifiedToken> tokens = context.User.Identities.Select(static identity => identity.BootstrapContext).OfType<VerifiedToken>();
        DateTimeOffset? end = context.Features.Get<IAuthenticateResultFeature>()?.AuthenticateResult?.Properties?.ExpiresUtc;
        return new Requester(context.User, address, tokens, end);
    }

    /// <summary>
    /// Why the token that the request brought was refused; null if it brought none, or if another scheme says who he is. ASP.NET Core lets such a request go on as an
    /// anonymous one; who must not take a wrong token for none asks here.
    /// </summary>
    public static Error? GetTokenRefusal(this HttpContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        return context.User.Identities.Any(static identity => identity.IsAuthenticated) ? null : context.Features.Get<TokenRefusal>()?.Error;
    }
}
