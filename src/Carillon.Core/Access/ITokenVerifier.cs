namespace Carillon.Access;

/// <summary>Decides whether tokens of one type are genuine, and whose they are.</summary>
/// <remarks>Thread-safe. Implementations bound what they read and keep the token out of logs, errors and exceptions.</remarks>
public interface ITokenVerifier
{
    /// <summary>The type as requests name it in <c>authorization.type</c>, such as <see cref="TokenTypes.Jwt"/>; compared without regard to case.</summary>
    string Type { get; }

    /// <summary>Verifies a token as it stands in the request, without a scheme in front of it.</summary>
    /// <returns>The verified token, or an error with the code <c>unauthorized</c> whose sentence says what is wrong without repeating the token.</returns>
    ValueTask<TokenResult> VerifyAsync(string token, CancellationToken cancellationToken);
}
