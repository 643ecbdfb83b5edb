using System.Diagnostics.CodeAnalysis;
using Carillon.Errors;

namespace Carillon.Access;

/// <summary>The outcome of verifying a token: what it gives, or why it was refused. The default value is a refusal.</summary>
public readonly struct TokenResult
{
    private static readonly Error NotVerified = new(ErrorCode.Unauthorized, "The token was not verified");

    private readonly Error? _error;

    private TokenResult(VerifiedToken? token, Error? error)
    {
        Token = token;
        _error = error;
    }

    /// <summary>True when the token is genuine and valid now.</summary>
    [MemberNotNullWhen(true, nameof(Token))]
    [MemberNotNullWhen(false, nameof(Error))]
    public bool Accepted => Token is not null;

    /// <summary>What was verified; null when the token was refused.</summary>
    public VerifiedToken? Token { get; }

    /// <summary>Why it was refused; null when it was accepted.</summary>
    public Error? Error => Token is null ? _error ?? NotVerified : null;

    /// <summary>A token that is genuine and valid.</summary>
    public static TokenResult Verified(VerifiedToken token)
    {
        ArgumentNullException.ThrowIfNull(token);
        return new TokenResult(token, null);
    }

    /// <summary>A token that is not; <paramref name="reason"/> is one sentence that does not repeat it.</summary>
    public static TokenResult Refused(string reason) => new(null, new Error(ErrorCode.Unauthorized, reason));

    /// <summary>No token was looked at, because the request that carries it is wrong.</summary>
    public static TokenResult Refused(Error error)
    {
        ArgumentNullException.ThrowIfNull(error);
        return new TokenResult(null, error);
    }
}
