using Carillon.Access;
using Carillon.Errors;

namespace Carillon.AspNetCore.Authentication;

/// <summary>The verifiers of an application by type: what a request's <c>authorization: {"type", "token"}</c> is resolved with.</summary>
/// <remarks>Immutable, thread-safe.</remarks>
public sealed class TokenVerifiers
{
    /// <summary>The contracts' other names of types.</summary>
    private static readonly (string Alias, string Type)[] Aliases = [("application", TokenTypes.ApiKey), ("bearer", TokenTypes.Jwt)];

    private readonly Dictionary<string, ITokenVerifier> _byType = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>These verifiers.</summary>
    /// <exception cref="ArgumentException">Two of them have the same type.</exception>
    public TokenVerifiers(IEnumerable<ITokenVerifier> verifiers)
    {
        ArgumentNullException.ThrowIfNull(verifiers);
        foreach (ITokenVerifier verifier in verifiers)
        {
            if (!_byType.TryAdd(verifier.Type, verifier))
            {
                throw new ArgumentException($"Two verifiers have the type '{verifier.Type}'", nameof(verifiers));
            }
        }

        Types = [.. _byType.Keys.Order(StringComparer.Ordinal)];
        foreach ((string alias, string type) in Aliases)
        {
            if (_byType.TryGetValue(type, out ITokenVerifier? verifier))
            {
                _byType.TryAdd(alias, verifier);
            }
        }
    }

    /// <summary>The types that are known, without their other names.</summary>
    public IReadOnlyList<string> Types { get; }

    /// <summary>Verifies the token of a request.</summary>
    /// <param name="type">The type that the request names, in any case; <c>application</c> and <c>bearer</c> are other names of API keys and JSON Web Tokens.</param>
    /// <param name="token">The token.</param>
    /// <param name="cancellationToken">Ends waiting for keys that are being fetched.</param>
    /// <param name="place">What the request calls the object that holds both, for errors; empty where they stand by themselves.</param>
    /// <returns>The verified token; <c>missing_field</c> or <c>invalid_field</c> when type or token are wrong as fields; <c>unauthorized</c> when the token is refused.</returns>
    public ValueTask<TokenResult> VerifyAsync(string? type, string? token, CancellationToken cancellationToken, string place = "authorization")
    {
        string typeField = place.Length == 0 ? "type" : $"{place}.type";
        string tokenField = place.Length == 0 ? "token" : $"{place}.token";
        if (string.IsNullOrEmpty(token))
        {
            return Refused(Error.Missing(tokenField));
        }

        type = string.IsNullOrEmpty(type) ? RequestToken.TypeOf(token) : type;
        if (!_byType.TryGetValue(type, out ITokenVerifier? verifier))
        {
            return Refused(new Error(ErrorCode.InvalidField, $"Field '{typeField}' is of no known type; {Known()}", typeField));
        }

        return verifier.VerifyAsync(token, cancellationToken);
    }

    private static ValueTask<TokenResult> Refused(Error error) => new(TokenResult.Refused(error));

    private string Known() => Types.Count == 0 ? "no type is known here" : $"known are: {string.Join(", ", Types.Select(static type => $"'{type}'"))}";
}
