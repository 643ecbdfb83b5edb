using Carillon.Access;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Carillon.AspNetCore.Authentication.Jwt;

/// <summary>
/// Verifies JSON Web Tokens (RFC 7519) signed by HS256, RS256 or ES256. Everything else is refused: the profile is small on purpose (RFC 8725).
/// What it checks, and each sentence that it refuses with, is in docs/guides/authentication.md.
/// </summary>
/// <remarks>Thread-safe.</remarks>
public sealed class JwtVerifier : ITokenVerifier
{
    /// <summary>How many keys a token is tried against when it does not name one.</summary>
    private const int MaxTried = 8;

    private readonly TimeProvider _time;
    private readonly ILogger _logger;

    // Guards that one change follows the other; verifying does not take it.
    private readonly Lock _changing = new();
    private volatile InForce _inForce;

    /// <summary>A verifier. Nothing is fetched before the first token comes.</summary>
    /// <exception cref="OptionsValidationException">The options have faults; it names them all.</exception>
    public JwtVerifier(JwtOptions options, TimeProvider time, ILogger<JwtVerifier> logger)
    {
        ArgumentNullException.ThrowIfNull(options);
        _time = time;
        _logger = logger;
        var problems = new List<string>();
        JwtRules rules = JwtRules.Create(options, nameof(JwtOptions), problems)
            ?? throw new OptionsValidationException(nameof(JwtOptions), typeof(JwtOptions), problems);
        _inForce = new InForce(rules, CreateCache(rules));
    }

    /// <inheritdoc/>
    public string Type => TokenTypes.Jwt;

    /// <summary>What is wrong with options, and with the files that they name; empty when nothing is.</summary>
    /// <param name="options">The options.</param>
    /// <param name="place">Where they stand; each sentence begins with it.</param>
    public static IReadOnlyList<string> Check(JwtOptions options, string place)
    {
        ArgumentNullException.ThrowIfNull(options);
        var problems = new List<string>();
        JwtRules.Create(options, place, problems);
        return problems;
    }

    /// <summary>
    /// Puts other options in force at once. Tokens that were verified by a key that is gone are revoked; those whose key stays are not, even where the new options are stricter.
    /// </summary>
    /// <param name="options">The new options.</param>
    /// <param name="place">Where they stand; each sentence begins with it.</param>
    /// <returns>What is wrong with them; then nothing has changed. Empty when they are in force.</returns>
    public IReadOnlyList<string> Replace(JwtOptions options, string place = nameof(JwtOptions))
    {
        ArgumentNullException.ThrowIfNull(options);
        var problems = new List<string>();
        if (JwtRules.Create(options, place, problems) is not { } rules)
        {
            return problems;
        }

        lock (_changing)
        {
            InForce previous = _inForce;
            rules.Follow(previous.Rules);
            if (rules.HasSameKeySet(previous.Rules))
            {
                _inForce = new InForce(rules, previous.KeySet);
            }
            else
            {
                _inForce = new InForce(rules, CreateCache(rules));
                previous.KeySet?.Retire();
            }
        }

        return [];
    }

    /// <inheritdoc/>
    public async ValueTask<TokenResult> VerifyAsync(string token, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(token);
        InForce inForce = _inForce;
        (JwtText text, string? problem) = JwtText.Read(token, inForce.Rules.Options.MaxTokenBytes);
        if (problem is not null)
        {
            return TokenResult.Refused(problem);
        }

        (JwtHeader header, problem) = JwtHeader.Read(text.Header);
        if (problem is not null)
        {
            return TokenResult.Refused(problem);
        }

        JwtKey[] keys = await FindKeysAsync(header, inForce, cancellationToken);
        if (keys.Length is 0 or > MaxTried)
        {
            return TokenResult.Refused(keys.Length == 0
                ? "The token is signed by a key that is not known here for its algorithm"
                : "The token must name its key ('kid')");
        }

        return Array.Find(keys, key => key.Verifies(text.Signed, text.Signature)) is { } signer
            ? JwtClaims.Read(text.Payload, inForce.Rules, signer, _time.GetUtcNow())
            : TokenResult.Refused("The token's signature is not genuine");
    }

    private static async ValueTask<JwtKey[]> FindKeysAsync(JwtHeader header, InForce inForce, CancellationToken cancellationToken)
    {
        // A key set holds no secrets: no forged HS256 token makes it be fetched.
        JwksCache? keySet = header.Algorithm == JwtAlgorithm.HS256 ? null : inForce.KeySet;
        JwtKey[] own = inForce.Rules.Keys;
        if (keySet is null)
        {
            return Choose(header, own);
        }

        await keySet.RefreshIfOldAsync(cancellationToken);
        JwtKey[] seen = keySet.Keys;
        if (header.KeyId is not null && !own.Concat(seen).Any(key => IsNamed(key, header)))
        {
            await keySet.RefreshAsync(seen, cancellationToken);
        }

        return Choose(header, [.. own, .. keySet.Keys]);
    }

    /// <summary>The keys of the token's algorithm: those that it names, else those that have no name; all if it names none.</summary>
    private static JwtKey[] Choose(JwtHeader header, JwtKey[] keys)
    {
        if (header.KeyId is null)
        {
            return Array.FindAll(keys, key => key.Algorithm == header.Algorithm);
        }

        JwtKey[] named = Array.FindAll(keys, key => IsNamed(key, header));
        return named.Length > 0 ? named : Array.FindAll(keys, key => key.Algorithm == header.Algorithm && key.Id is null);
    }

    private static bool IsNamed(JwtKey key, JwtHeader header) => key.Algorithm == header.Algorithm && key.Id == header.KeyId;

    private JwksCache? CreateCache(JwtRules rules)
    {
        JwtOptions options = rules.Options;
        IJwksSource? source = options switch
        {
            { JwksFile: { } file } => new FileJwksSource(file),
            { JwksAddress: { } address } => new HttpJwksSource(new Uri(address), options.JwksTimeout, _time),
            _ => null,
        };
        if (source is null)
        {
            return null;
        }

        var cache = new JwksCache(source, options.JwksRefreshInterval, options.JwksFetchFloor, _time, _logger);
        if (rules.FileKeys is { } keys)
        {
            cache.Seed(keys);
        }

        return cache;
    }

    private sealed record InForce(JwtRules Rules, JwksCache? KeySet);
}
