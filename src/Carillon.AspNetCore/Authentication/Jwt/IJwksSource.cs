namespace Carillon.AspNetCore.Authentication.Jwt;

/// <summary>Where a JWK set comes from.</summary>
internal interface IJwksSource
{
    /// <summary>Names the source in logs and errors.</summary>
    string Name { get; }

    /// <summary>Reads the set, at most <see cref="JwksDocument.MaxBytes"/> of it; what goes wrong is the end of a sentence about the source.</summary>
    Task<(JwtKey[]? Keys, string? Problem)> ReadAsync(CancellationToken cancellationToken);
}
