using System.Security.Cryptography;
using Carillon.Access;

namespace Carillon.AspNetCore.Authentication.Jwt;

/// <summary>A key that verifies signatures by one algorithm and no other, whatever a token's header says.</summary>
/// <remarks>Thread-safe. As the status of the tokens it verified it tells that it has been taken out of use.</remarks>
internal abstract class JwtKey(JwtAlgorithm algorithm, string? id, byte[] thumbprint) : ITokenStatus
{
    private readonly byte[] _thumbprint = thumbprint;
    private volatile bool _retired;

    public JwtAlgorithm Algorithm { get; } = algorithm;

    /// <summary>The <c>kid</c> by which tokens name it; null for a key without a name.</summary>
    public string? Id { get; } = id;

    /// <inheritdoc/>
    public bool IsRevoked => _retired;

    public abstract bool Verifies(ReadOnlySpan<byte> signed, ReadOnlySpan<byte> signature);

    /// <summary>Takes it out of use: what the tokens gave that it verified ends with it.</summary>
    public void Retire() => _retired = true;

    public bool IsSameAs(JwtKey other) => Algorithm == other.Algorithm && Id == other.Id && CryptographicOperations.FixedTimeEquals(_thumbprint, other._thumbprint);
}
