using System.Security.Claims;
using Carillon.Diagnostics;

// An address is a value that a message's origin is told by; the core opens no connection.
using IPAddress = System.Net.IPAddress;

namespace Carillon.Access;

/// <summary>Who asks for something: a connection's user, or whom a single request's own token names.</summary>
/// <remarks>Immutable, thread-safe, if nobody adds to the user.</remarks>
public sealed record Requester
{
    private readonly VerifiedToken[] _tokens;
    private volatile bool _hasFailed; // The status of a token did: it counts as revoked from then on, also if it answers the next time.

    /// <summary>A requester.</summary>
    /// <param name="user">Who he is; a principal without an authenticated identity is anonymous.</param>
    /// <param name="remoteAddress">Where he is; null if unknown.</param>
    /// <param name="tokens">The tokens that say so; none if something else does, or nothing.</param>
    /// <param name="validUntil">When this ends even if no token does, such as the end of a cookie; null for never.</param>
    public Requester(ClaimsPrincipal user, IPAddress? remoteAddress = null, IEnumerable<VerifiedToken>? tokens = null, DateTimeOffset? validUntil = null)
    {
        ArgumentNullException.ThrowIfNull(user);
        User = user;
        RemoteAddress = remoteAddress;
        _tokens = [.. tokens ?? []];
        ValidUntil = _tokens.Select(static token => token.ExpiresAt).Append(validUntil).Min();
        Identities = [.. user.Identities.Where(static identity => identity.IsAuthenticated).Select(static identity => identity.Name).OfType<string>().Distinct(StringComparer.Ordinal)];
    }

    /// <summary>Somebody of whom nothing is known.</summary>
    public static Requester Anonymous { get; } = new(new ClaimsPrincipal(new ClaimsIdentity()));

    /// <summary>
    /// The application itself, for what it publishes or subscribes to by its own code: it passes every access check, and no limit of rate is its own. What a client sends is never by this one.
    /// </summary>
    public static Requester Application { get; } = new(new ClaimsPrincipal(new ClaimsIdentity())) { IsApplication = true };

    /// <summary>Whether he is <see cref="Application"/>.</summary>
    public bool IsApplication { get; private init; }

    /// <summary>Who he is; never null. Names and roles are read with <c>Identity.Name</c> and <c>IsInRole</c>.</summary>
    public ClaimsPrincipal User { get; }

    /// <summary>The names that his messages carry as <c>publisher</c>: that of each authenticated identity that has one, each once; empty when he is anonymous.</summary>
    public IReadOnlyList<string> Identities { get; }

    /// <summary>Where he is; null if unknown.</summary>
    public IPAddress? RemoteAddress { get; }

    /// <summary>The moment from which on he is no longer who he was; null if time alone does not end it.</summary>
    public DateTimeOffset? ValidUntil { get; }

    /// <summary>Whether he can stop being who he is: something expires, or a token can be revoked. Who cannot needs no looking after.</summary>
    public bool CanEnd => ValidUntil is not null || Array.Exists(_tokens, static token => token.Status is not null);

    /// <summary>True when at least one identity is authenticated.</summary>
    public bool IsAuthenticated => User.Identities.Any(static identity => identity.IsAuthenticated);

    /// <summary>Whether he is still who he was: nothing expired at <paramref name="now"/>, no token was revoked. Cheap, for the heartbeat. Never throws: a token whose status fails counts as revoked.</summary>
    public bool IsValidAt(DateTimeOffset now) => IsValidAt(now, faults: null);

    internal bool IsValidAt(DateTimeOffset now, HubFaults? faults)
    {
        if (_hasFailed || now >= ValidUntil)
        {
            return false;
        }

        foreach (VerifiedToken token in _tokens)
        {
            if (token.IsRevoked(out Exception? fault))
            {
                NoteFault(fault, faults);
                return false;
            }
        }

        return true;
    }

    private void NoteFault(Exception? fault, HubFaults? faults)
    {
        if (fault is not null)
        {
            _hasFailed = true;
            faults?.Report(HubPart.Tokens, null, fault);
        }
    }

    /// <summary>
    /// Who asks when a request carries its own <paramref name="token"/>, or a connection a fresh one: he whom the token names and nobody else, at the same address.
    /// What he was before does not add to it, so that a token never gives more than it says.
    /// </summary>
    public Requester With(VerifiedToken token)
    {
        ArgumentNullException.ThrowIfNull(token);
        return new Requester(token.Principal, RemoteAddress, [token]);
    }

    /// <summary>What is left when the tokens have ended: an anonymous requester at the same address.</summary>
    public Requester WithoutUser() => new(Anonymous.User, RemoteAddress);
}
