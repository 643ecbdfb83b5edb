using System.Buffers;
using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using Carillon.Connections.Upgrades;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Primitives;
using Microsoft.Net.Http.Headers;

namespace Carillon.Connections.WebSockets;

/// <summary>The server's half of the opening handshake: RFC 6455 §4.2.</summary>
public static class WebSocketHandshake
{
    private const string SupportedVersion = "13";
    private const int KeyLength = 16;

    /// <summary>Whether the request asks for a WebSocket over HTTP/1.1, rightly or not.</summary>
    public static bool IsRequest(HttpContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        return HasToken(context.Request.Headers.Upgrade, "websocket")
            && context.Features.Get<IHttpUpgradeFeature>() is { IsUpgradableRequest: true };
    }

    /// <summary>
    /// Checks the request (RFC 6455 §4.2.1). Null if it can be accepted, else the status to answer: 400, or 426, for which the header
    /// <c>Sec-WebSocket-Version</c> was set on the response.
    /// </summary>
    public static int? FindRefusal(HttpContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        IHeaderDictionary headers = context.Request.Headers;
        if (!HttpMethods.IsGet(context.Request.Method) || !IsRequest(context) || !HasToken(headers.Connection, "upgrade") || !IsKey(headers.SecWebSocketKey))
        {
            return StatusCodes.Status400BadRequest;
        }

        if (headers.SecWebSocketVersion != SupportedVersion)
        {
            context.Response.Headers.SecWebSocketVersion = SupportedVersion;
            return StatusCodes.Status426UpgradeRequired;
        }

        return null;
    }

    /// <summary>
    /// Answers 101 and takes over the connection. Only for a request that <see cref="FindRefusal"/> found nothing wrong with.
    /// The caller then runs <see cref="WebSocketConnection.RunAsync"/>, and returns from its request delegate when that has completed.
    /// </summary>
    /// <param name="context">The upgrade request.</param>
    /// <param name="options">Limits of the connection.</param>
    /// <param name="heartbeat">Watches the connection's deadlines.</param>
    /// <param name="observer">Learns of writes, or null.</param>
    public static async ValueTask<WebSocketConnection> AcceptAsync(
        HttpContext context, WebSocketConnectionOptions options, Heartbeat heartbeat, IConnectionObserver? observer = null)
    {
        ArgumentNullException.ThrowIfNull(context);
        IHeaderDictionary headers = context.Response.Headers;
        headers.Connection = HeaderNames.Upgrade;
        headers.Upgrade = "websocket";
        headers.SecWebSocketAccept = AnswerTo(context.Request.Headers.SecWebSocketKey.ToString());
        WebSocketLink link = context.Features.Get<IWebSocketUpgrade>() is { } upgrade
            ? await upgrade.TakeAsync()
            : PipeLink.Open(context, await context.Features.GetRequiredFeature<IHttpUpgradeFeature>().UpgradeAsync());
        return new WebSocketConnection(link, options, heartbeat, observer);
    }

    /// <summary>The value of <c>Sec-WebSocket-Accept</c> for a client's key: RFC 6455 §4.2.2, item 5.4.</summary>
    internal static string AnswerTo(string key)
    {
        Span<byte> text = stackalloc byte[60];
        int keyLength = Encoding.ASCII.GetBytes(key, text);
        "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"u8.CopyTo(text[keyLength..]);
        Span<byte> hash = stackalloc byte[SHA1.HashSizeInBytes];
#pragma warning disable CA5350 // SHA-1 is what RFC 6455 prescribes; it protects nothing here.
        SHA1.HashData(text, hash);
#pragma warning restore CA5350
        return Convert.ToBase64String(hash);
    }

    private static bool IsKey(StringValues key)
    {
        if (key is not [{ Length: 24 } text])
        {
            return false;
        }

        Span<byte> utf8 = stackalloc byte[24];
        Span<byte> decoded = stackalloc byte[18];
        return Ascii.FromUtf16(text, utf8, out _) == OperationStatus.Done
            && Base64.DecodeFromUtf8(utf8, decoded, out _, out int length) == OperationStatus.Done
            && length == KeyLength;
    }

    private static bool HasToken(StringValues values, string token)
    {
        foreach (string? value in values)
        {
            foreach (Range part in value.AsSpan().Split(','))
            {
                if (value.AsSpan()[part].Trim().Equals(token, StringComparison.OrdinalIgnoreCase))
                {
                    return true;
                }
            }
        }

        return false;
    }
}
