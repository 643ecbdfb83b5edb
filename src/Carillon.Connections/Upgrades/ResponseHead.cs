using System.Buffers;
using System.Globalization;
using System.Text;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.Primitives;
using Microsoft.Net.Http.Headers;

namespace Carillon.Connections.Upgrades;

/// <summary>Writes the head of a response: RFC 9112 §4 and §5.</summary>
internal static class ResponseHead
{
    private static readonly SearchValues<char> NameCharacters = SearchValues.Create(
        "!#$%&'*+-.^_`|~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz");

    /// <summary>The bytes, with the server's own fields where the application set none.</summary>
    /// <exception cref="InvalidOperationException">A name is no token, or a value is not printable ASCII.</exception>
    public static byte[] Encode(IHttpResponseFeature response, bool addServer, DateTimeOffset now)
    {
        var head = new StringBuilder(256);
        head.Append(CultureInfo.InvariantCulture, $"HTTP/1.1 {response.StatusCode} ");
        AppendValue(head, response.ReasonPhrase ?? ReasonPhrases.GetReasonPhrase(response.StatusCode));
        foreach ((string name, StringValues values) in response.Headers)
        {
            foreach (string? value in values)
            {
                AppendField(head, name, value ?? string.Empty);
            }
        }

        if (addServer && !response.Headers.ContainsKey(HeaderNames.Server))
        {
            AppendField(head, HeaderNames.Server, "Kestrel");
        }

        if (!response.Headers.ContainsKey(HeaderNames.Date))
        {
            AppendField(head, HeaderNames.Date, now.ToString("R", CultureInfo.InvariantCulture));
        }

        head.Append("\r\n");
        return Encoding.ASCII.GetBytes(head.ToString());
    }

    private static void AppendField(StringBuilder head, string name, string value)
    {
        if (name.Length == 0 || name.AsSpan().ContainsAnyExcept(NameCharacters))
        {
            throw new InvalidOperationException("The name of a response header is not a token.");
        }

        head.Append(name).Append(": ");
        AppendValue(head, value);
    }

    private static void AppendValue(StringBuilder head, string value)
    {
        foreach (char character in value)
        {
            if (character is (< ' ' and not '\t') or > '~')
            {
                throw new InvalidOperationException("The value of a response header holds a character that is not printable ASCII.");
            }
        }

        head.Append(value).Append("\r\n");
    }
}
