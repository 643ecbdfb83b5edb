using System.Buffers;
using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Primitives;

namespace Carillon.Connections.Upgrades;

/// <summary>
/// Reads heads that leave no doubt: <c>GET</c> of a plain path over HTTP/1.1 (RFC 9112 §3), fields of printable ASCII with nothing folded, one
/// <c>Host</c>, the fields of a WebSocket handshake once each (RFC 6455 §4.1), no body. Whatever differs is not refused but left to Kestrel.
/// </summary>
internal static class UpgradeHeadParser
{
    // RFC 3986 §3.3 and §3.4 without percent-encodings, which in a path would have to be decoded.
    private const string PathCharacters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~!$&'()*+,;=:@/";
    private static readonly SearchValues<byte> PathBytes = SearchValues.Create(Encoding.ASCII.GetBytes(PathCharacters));
    private static readonly SearchValues<byte> QueryBytes = SearchValues.Create(Encoding.ASCII.GetBytes(PathCharacters + "?%"));

    // RFC 9110 §5.6.2, "token".
    private static readonly SearchValues<byte> NameBytes = SearchValues.Create(
        "!#$%&'*+-.^_`|~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"u8);

    private static readonly SearchValues<char> HostCharacters = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789.-_:[]");

    /// <summary>The request at the front of <paramref name="bytes"/>, or null if it is not wholly there or leaves a doubt.</summary>
    public static UpgradeHead? TryParse(ReadOnlySpan<byte> bytes, KestrelServerLimits limits)
    {
        int end = bytes.IndexOf("\r\n\r\n"u8);
        if (end < 0 || !bytes.StartsWith("GET /"u8))
        {
            return null;
        }

        ReadOnlySpan<byte> rest = bytes[..(end + 2)]; // Each line with its end.
        int lineLength = rest.IndexOf("\r\n"u8) + 2;
        if (lineLength > limits.MaxRequestLineSize
            || end + 4 - lineLength > limits.MaxRequestHeadersTotalSize
            || !TryParseLine(rest[..(lineLength - 2)], out string path, out string query))
        {
            return null;
        }

        IHeaderDictionary headers = new HeaderDictionary(16);
        return TryParseFields(rest[lineLength..], limits.MaxRequestHeaderCount, headers) && IsUpgrade(headers) ? new UpgradeHead(end + 4, path, query, headers) : null;
    }

    private static bool TryParseLine(ReadOnlySpan<byte> line, out string path, out string query)
    {
        path = query = string.Empty;
        if (!line.EndsWith(" HTTP/1.1"u8))
        {
            return false;
        }

        ReadOnlySpan<byte> target = line["GET ".Length..^" HTTP/1.1".Length];
        int mark = target.IndexOf((byte)'?');
        ReadOnlySpan<byte> pathBytes = mark < 0 ? target : target[..mark];
        ReadOnlySpan<byte> queryBytes = mark < 0 ? [] : target[mark..];
        if (pathBytes.ContainsAnyExcept(PathBytes) || queryBytes.ContainsAnyExcept(QueryBytes) || pathBytes.IndexOf("/."u8) >= 0)
        {
            return false; // Dot segments would have to be removed.
        }

        path = Encoding.ASCII.GetString(pathBytes);
        query = Encoding.ASCII.GetString(queryBytes);
        return true;
    }

    private static bool TryParseFields(ReadOnlySpan<byte> lines, int mostFields, IHeaderDictionary headers)
    {
        int fields = 0;
        while (!lines.IsEmpty)
        {
            int length = lines.IndexOf("\r\n"u8);
            ReadOnlySpan<byte> line = lines[..length];
            lines = lines[(length + 2)..];
            int colon = line.IndexOf((byte)':');
            if (colon <= 0 || ++fields > mostFields || line[..colon].ContainsAnyExcept(NameBytes))
            {
                return false;
            }

            ReadOnlySpan<byte> value = line[(colon + 1)..].Trim(" \t"u8);
            if (value.ContainsAnyExceptInRange((byte)' ', (byte)'~'))
            {
                return false;
            }

            string name = HeaderNameTable.Find(line[..colon]);
            headers[name] = StringValues.Concat(headers[name], Encoding.ASCII.GetString(value));
        }

        return true;
    }

    private static bool IsUpgrade(IHeaderDictionary headers) =>
        headers.Host is [{ Length: > 0 } host] && !host.AsSpan().ContainsAnyExcept(HostCharacters)
        && headers.Upgrade is [{ } protocol] && protocol.Equals("websocket", StringComparison.OrdinalIgnoreCase)
        && headers.Connection is [{ } connection] && IsUpgradeAlone(connection)
        && headers.SecWebSocketKey.Count == 1
        && headers.SecWebSocketVersion.Count == 1
        && !headers.ContainsKey("Content-Length")
        && !headers.ContainsKey("Transfer-Encoding")
        && !headers.ContainsKey("Expect")
        && !headers.ContainsKey("HTTP2-Settings");

    // "Upgrade", in some browsers after "keep-alive".
    private static bool IsUpgradeAlone(string connection)
    {
        bool upgrade = false;
        foreach (Range part in connection.AsSpan().Split(','))
        {
            ReadOnlySpan<char> token = connection.AsSpan()[part].Trim();
            upgrade |= token.Equals("upgrade", StringComparison.OrdinalIgnoreCase);
            if (!token.Equals("upgrade", StringComparison.OrdinalIgnoreCase) && !token.Equals("keep-alive", StringComparison.OrdinalIgnoreCase))
            {
                return false;
            }
        }

        return upgrade;
    }
}
