using Carillon.Topics;

namespace Carillon.AspNetCore.Authentication.Jwt;

/// <summary>Which JSON Web Tokens are accepted. It is bound from configuration and checked as a whole before it comes into force.</summary>
public sealed class JwtOptions
{
    /// <summary>Most keys of the configuration, and of a key set.</summary>
    public const int MaxKeys = 64;

    /// <summary>Keys of the configuration; none by default.</summary>
    public IReadOnlyList<JwtKeySettings> Keys { get; init; } = [];

    /// <summary>A file with public keys as a JWK set (RFC 7517), read again like <see cref="JwksAddress"/>; null, the default, for none. Not together with an address.</summary>
    public string? JwksFile { get; init; }

    /// <summary>
    /// The one address that public keys are fetched from as a JWK set: <c>https</c>, or <c>http</c> on this machine; null, the default, for none.
    /// No other is ever asked, whatever a token says, and redirects are not followed.
    /// </summary>
    public string? JwksAddress { get; init; }

    /// <summary>How old fetched keys may grow before they are fetched again; 1 minute to 1 day. Default 15 minutes.</summary>
    public TimeSpan JwksRefreshInterval { get; init; } = TimeSpan.FromMinutes(15);

    /// <summary>How long to wait at least between two fetches, whether they fail or tokens name unknown keys; 1 second to 1 hour. Default 30 s.</summary>
    public TimeSpan JwksFetchFloor { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How long a fetch may take; 100 ms to 30 s. Default 5 s.</summary>
    public TimeSpan JwksTimeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>The only <c>iss</c> that is accepted; null, the default, accepts any. Mandatory with public keys.</summary>
    public string? Issuer { get; init; }

    /// <summary>Of which <c>aud</c> a token must name at least one. With none, the default, tokens must have no audience. Mandatory with public keys.</summary>
    public IReadOnlyList<string> Audiences { get; init; } = [];

    /// <summary>How far the clocks of issuer and server may be apart; 0 to 5 minutes. Default 30 s.</summary>
    public TimeSpan ClockSkew { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Most bytes of a token; 512 to 32,768. Default 8,192.</summary>
    public int MaxTokenBytes { get; init; } = 8192;

    /// <summary>The claim that becomes the identity's name; every token must have it. Default <c>sub</c>.</summary>
    public string NameClaim { get; init; } = "sub";

    /// <summary>What is wrong with these settings, one sentence for each fault; empty when nothing is. Keys and the JWK set's file are read for it; nothing is fetched.</summary>
    /// <param name="place">Where the settings stand, such as <c>Carillon:Jwt</c>; each sentence begins with it.</param>
    public IReadOnlyList<string> Check(string place)
    {
        var problems = new List<string>();
        _ = JwtRules.Create(this, place, problems);
        return problems;
    }

    /// <summary>The faults of everything but the keys' contents.</summary>
    internal IEnumerable<string> CheckPlainSettings(string place)
    {
        if (Keys.Count == 0 && JwksFile is null && JwksAddress is null)
        {
            yield return $"{place} must have a key: Keys, JwksFile or JwksAddress";
        }

        if (Keys.Count > MaxKeys)
        {
            yield return $"{place}:Keys must hold at most {MaxKeys} keys, but holds {Keys.Count}";
        }

        if (JwksFile is not null && JwksAddress is not null)
        {
            yield return $"{place} must not have both JwksFile and JwksAddress";
        }

        if (JwksAddress is not null && !IsAllowed(JwksAddress))
        {
            yield return $"{place}:JwksAddress must be an https address, or an http address of this machine, without user or password";
        }

        foreach (string problem in CheckPublicUse(place).Concat(CheckRanges(place)))
        {
            yield return problem;
        }
    }

    private static bool IsAllowed(string address) => Uri.TryCreate(address, UriKind.Absolute, out Uri? uri)
        && (uri.Scheme == Uri.UriSchemeHttps || (uri.Scheme == Uri.UriSchemeHttp && uri.IsLoopback))
        && uri.UserInfo.Length == 0;

    private IEnumerable<string> CheckPublicUse(string place)
    {
        if (Issuer is { Length: 0 })
        {
            yield return $"{place}:Issuer must not be empty";
        }

        if (Audiences.Any(string.IsNullOrEmpty))
        {
            yield return $"{place}:Audiences must not hold an empty audience";
        }

        // Who holds a public key's other half signs for others too; a shared secret is between two.
        bool hasPublicKeys = JwksFile is not null || JwksAddress is not null || Keys.Any(static key => key.Algorithm is JwtAlgorithm.RS256 or JwtAlgorithm.ES256);
        if (hasPublicKeys && Issuer is null)
        {
            yield return $"{place}:Issuer is missing; with public keys, tokens of other issuers that share them would be accepted";
        }

        if (hasPublicKeys && Audiences.Count == 0)
        {
            yield return $"{place}:Audiences is missing; with public keys, tokens that were issued for other services would be accepted";
        }
    }

    private IEnumerable<string> CheckRanges(string place)
    {
        foreach ((string name, TimeSpan value, TimeSpan least, TimeSpan most) in new[]
        {
            (nameof(JwksRefreshInterval), JwksRefreshInterval, TimeSpan.FromMinutes(1), TimeSpan.FromDays(1)),
            (nameof(JwksFetchFloor), JwksFetchFloor, TimeSpan.FromSeconds(1), TimeSpan.FromHours(1)),
            (nameof(JwksTimeout), JwksTimeout, TimeSpan.FromMilliseconds(100), TimeSpan.FromSeconds(30)),
            (nameof(ClockSkew), ClockSkew, TimeSpan.Zero, TimeSpan.FromMinutes(5)),
        })
        {
            if (value < least || value > most)
            {
                yield return $"{place}:{name} must be between {least} and {most}, but is {value}";
            }
        }

        if (MaxTokenBytes is < 512 or > 32768)
        {
            yield return $"{place}:MaxTokenBytes must be between 512 and 32768, but is {MaxTokenBytes}";
        }

        if (Identifier.Check(NameClaim, nameof(NameClaim)) is { } wrongName)
        {
            yield return $"{place}:NameClaim is no name of a claim: {wrongName.Message}";
        }
    }
}
