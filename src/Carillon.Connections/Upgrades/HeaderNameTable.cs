using System.Collections.Frozen;
using System.Text;
using Microsoft.Net.Http.Headers;

namespace Carillon.Connections.Upgrades;

/// <summary>The names that upgrade requests usually bear, so that each is one string for all of them, in the spelling that the server gives.</summary>
internal static class HeaderNameTable
{
    private const int LongestKnown = 32;

    private static readonly FrozenDictionary<string, string>.AlternateLookup<ReadOnlySpan<char>> Known = new[]
    {
        HeaderNames.Accept, HeaderNames.AcceptEncoding, HeaderNames.AcceptLanguage, HeaderNames.Authorization, HeaderNames.CacheControl,
        HeaderNames.Connection, HeaderNames.ContentLength, HeaderNames.Cookie, HeaderNames.DNT, HeaderNames.Expect, HeaderNames.Host, HeaderNames.KeepAlive,
        HeaderNames.Origin, HeaderNames.Pragma, HeaderNames.SecWebSocketExtensions, HeaderNames.SecWebSocketKey, HeaderNames.SecWebSocketProtocol,
        HeaderNames.SecWebSocketVersion, HeaderNames.TransferEncoding, HeaderNames.Upgrade, HeaderNames.UserAgent,
        "Sec-Fetch-Dest", "Sec-Fetch-Mode", "Sec-Fetch-Site", "X-Forwarded-For", "X-Forwarded-Host", "X-Forwarded-Proto", "X-Real-IP",
    }.ToFrozenDictionary(static name => name, StringComparer.OrdinalIgnoreCase).GetAlternateLookup<ReadOnlySpan<char>>();

    /// <summary>The name in <paramref name="ascii"/>, which the caller knows to be a token.</summary>
    public static string Find(ReadOnlySpan<byte> ascii)
    {
        Span<char> name = stackalloc char[LongestKnown];
        return ascii.Length <= LongestKnown && Known.TryGetValue(name[..Encoding.ASCII.GetChars(ascii, name)], out string? known)
            ? known
            : Encoding.ASCII.GetString(ascii);
    }
}
