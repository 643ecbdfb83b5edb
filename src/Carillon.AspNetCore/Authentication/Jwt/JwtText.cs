using System.Text;

namespace Carillon.AspNetCore.Authentication.Jwt;

/// <summary>The parts of a token in the compact form of RFC 7515 §7.1, decoded.</summary>
/// <param name="Header">The header's bytes.</param>
/// <param name="Payload">The claims' bytes.</param>
/// <param name="Signature">The signature.</param>
/// <param name="Signed">What was signed: the first two parts as they stand in the token.</param>
internal readonly record struct JwtText(byte[] Header, byte[] Payload, byte[] Signature, byte[] Signed)
{
    /// <summary>Divides a token; the problem is a whole sentence.</summary>
    public static (JwtText Text, string? Problem) Read(string token, int maxBytes)
    {
        // Before anything else is done with it. Only ASCII passes what follows, so characters are bytes.
        if (token.Length > maxBytes)
        {
            return (default, $"The token is longer than {maxBytes} bytes");
        }

        int first = token.IndexOf('.', StringComparison.Ordinal);
        int last = token.LastIndexOf('.');
        return first > 0
            && last > first + 1
            && last < token.Length - 1
            && Base64UrlText.TryDecode(token.AsSpan(0, first), out byte[]? header)
            && Base64UrlText.TryDecode(token.AsSpan((first + 1)..last), out byte[]? payload)
            && Base64UrlText.TryDecode(token.AsSpan(last + 1), out byte[]? signature)
                ? (new JwtText(header, payload, signature, Encoding.ASCII.GetBytes(token, 0, last)), null)
                : (default, "The token must be three parts of base64url, divided by dots");
    }
}
