namespace Carillon.AspNetCore.Authentication.Jwt;

/// <summary>A JWK set in a file.</summary>
internal sealed class FileJwksSource(string path) : IJwksSource
{
    public string Name => path;

    public Task<(JwtKey[]? Keys, string? Problem)> ReadAsync(CancellationToken cancellationToken) => Task.FromResult(Read());

    public (JwtKey[]? Keys, string? Problem) Read()
    {
        try
        {
            return new FileInfo(path) is { Exists: true, Length: > JwksDocument.MaxBytes }
                ? (null, $"is larger than {JwksDocument.MaxBytes} bytes")
                : JwksDocument.Read(File.ReadAllBytes(path));
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            return (null, $"cannot be read: {unreadable.Message}");
        }
    }
}
