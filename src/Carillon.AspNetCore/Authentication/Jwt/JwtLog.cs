using Microsoft.Extensions.Logging;

namespace Carillon.AspNetCore.Authentication.Jwt;

/// <summary>What the verifier tells of its key sets. Nothing of a token is ever logged.</summary>
internal static partial class JwtLog
{
    [LoggerMessage(Level = LogLevel.Debug, Message = "Read {Count} keys for tokens from {Source}")]
    public static partial void KeysRead(this ILogger logger, int count, string source);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The keys for tokens stay as they are: {Source} {Problem}")]
    public static partial void KeysNotRead(this ILogger logger, string source, string problem);
}
