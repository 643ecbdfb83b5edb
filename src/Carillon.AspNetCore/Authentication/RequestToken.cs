using Carillon.Access;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;

namespace Carillon.AspNetCore.Authentication;

/// <summary>Finds the token of a request (RFC 6750 §2).</summary>
/// <param name="Value">The token; null if the request has none of the type.</param>
/// <param name="Problem">What is wrong with how it came, as a sentence; null if nothing is.</param>
internal readonly record struct RequestToken(string? Value, string? Problem)
{
    public const string QueryParameter = "access_token";
    public const string KeyHeader = "X-Api-Key";

    private const string Bearer = "Bearer";
    private const string ApiKey = "ApiKey";

    public static RequestToken Find(HttpRequest request, TokenAuthenticationOptions options)
    {
        // RFC 6750 §2: a client must not use more than one way, and which one counts must not be a matter of order.
        RequestToken[] found =
        [
            .. new[]
            {
                FromAuthorization(request.Headers.Authorization, options.TokenType),
                options is { AllowKeyHeader: true, TokenType: TokenTypes.ApiKey } ? FromSingle(request.Headers[KeyHeader], $"Header '{KeyHeader}'") : default,
                options.AllowQueryToken ? FromQuery(request.Query[QueryParameter], options.TokenType) : default,
            }.Where(static token => token != default),
        ];
        return found.Length > 1 ? new RequestToken(null, "The request brings more than one token") : found.FirstOrDefault();
    }

    /// <summary>The type of the token that a request seems to bring; null if it brings none.</summary>
    public static string? TypeOf(HttpRequest request)
    {
        (string scheme, string value) = Split(request.Headers.Authorization.ToString());
        if (IsScheme(scheme, ApiKey))
        {
            return TokenTypes.ApiKey;
        }

        if (IsScheme(scheme, Bearer))
        {
            return TypeOf(value);
        }

        if (request.Headers.ContainsKey(KeyHeader))
        {
            return TokenTypes.ApiKey;
        }

        return request.Query[QueryParameter].ToString() is { Length: > 0 } queried ? TypeOf(queried) : null;
    }

    /// <summary>The type that a token seems to be of, where the request does not say.</summary>
    public static string TypeOf(string token) => LooksLikeJwt(token) ? TokenTypes.Jwt : TokenTypes.ApiKey;

    private static bool LooksLikeJwt(string token) => token.AsSpan().Count('.') == 2;

    private static RequestToken FromAuthorization(StringValues header, string type)
    {
        if (header.Count > 1)
        {
            return new RequestToken(null, "The request has more than one header 'Authorization'");
        }

        (string scheme, string value) = Split(header.ToString());
        bool isKey = IsScheme(scheme, ApiKey);
        if (!isKey && !IsScheme(scheme, Bearer))
        {
            return default;
        }

        // A key may come as a bearer token too; one that has the form of a JSON Web Token is left to their scheme.
        bool isOurs = type == TokenTypes.ApiKey ? isKey || !LooksLikeJwt(value) : !isKey;
        if (!isOurs)
        {
            return default;
        }

        return value.Length == 0 ? new RequestToken(null, "Header 'Authorization' has no token") : new RequestToken(value, null);
    }

    private static RequestToken FromQuery(StringValues parameter, string type)
    {
        RequestToken token = FromSingle(parameter, $"Parameter '{QueryParameter}'");
        return token.Value is { } value && type == TokenTypes.ApiKey && LooksLikeJwt(value) ? default : token;
    }

    private static RequestToken FromSingle(StringValues values, string place) => values.Count switch
    {
        0 => default,
        1 when values.ToString() is { Length: > 0 } value => new RequestToken(value, null),
        1 => new RequestToken(null, $"{place} has no token"),
        _ => new RequestToken(null, $"{place} stands in the request more than once"),
    };

    private static (string Scheme, string Value) Split(string header)
    {
        int space = header.IndexOf(' ', StringComparison.Ordinal);
        return space < 0 ? (header, string.Empty) : (header[..space], header[(space + 1)..].Trim(' '));
    }

    private static bool IsScheme(string scheme, string name) => string.Equals(scheme, name, StringComparison.OrdinalIgnoreCase);
}
