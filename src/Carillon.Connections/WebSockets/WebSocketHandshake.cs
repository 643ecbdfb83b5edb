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

/// <summary>
/// The server's half of the opening handshake: an upgrade of HTTP/1.1 (RFC 6455 §4.2), or an extended CONNECT, which opens a WebSocket on one stream of an
/// HTTP/2 connection (RFC 8441 §5).
/// </summary>
public static class WebSocketHandshake
{
    private const string Protocol = "websocket";
    private const string SupportedVersion = "13";
    private const int KeyLength = 16;

    /// <summary>Whether the request asks for a WebSocket, rightly or not.</summary>
    public static bool IsRequest(HttpContext context) => IsConnect(context) || IsUpgrade(context);

    /// <summary>Whether the request asks for a WebSocket by an extended CONNECT, whose method is <c>CONNECT</c> where that of an upgrade is <c>GET</c>.</summary>
    public static bool IsConnect(HttpContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        return context.Features.Get<IHttpExtendedConnectFeature>() is { IsExtendedConnect: true, Protocol: var protocol }
            && string.Equals(protocol, Protocol, StringComparison.OrdinalIgnoreCase);
    }

    /// <summary>
    /// Checks the request (RFC 6455 §4.2.1). Null if it can be accepted, else the status to answer: 400, or 426 to an upgrade of another version than 13.
    /// Where the version was wrong, the header <c>Sec-WebSocket-Version</c> was set on the response.
    /// </summary>
    public static int? FindRefusal(HttpContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        IHeaderDictionary headers = context.Request.Headers;
        bool isConnect = IsConnect(context); // It has neither a key nor fields of the connection.
        if (!isConnect
            && (!HttpMethods.IsGet(context.Request.Method) || !IsUpgrade(context) || !HasToken(headers.Connection, "upgrade") || !IsKey(headers.SecWebSocketKey)))
        {
            return StatusCodes.Status400BadRequest;
        }

        if (headers.SecWebSocketVersion != SupportedVersion)
        {
            context.Response.Headers.SecWebSocketVersion = SupportedVersion;
            return isConnect ? StatusCodes.Status400BadRequest : StatusCodes.Status426UpgradeRequired; // HTTP/2 knows no upgrade that could be required.
        }

        return null;
    }

    /// <summary>
    /// Answers 101, or 200 to an extended CONNECT, and takes over the connection or the stream. Only for a request that <see cref="FindRefusal"/> found nothing wrong with.
    /// The caller then runs <see cref="WebSocketConnection.RunAsync"/>, and returns from its request delegate when that has completed.
    /// </summary>
    /// <param name="context">The request.</param>
    /// <param name="options">Limits of the connection.</param>
    /// <param name="heartbeat">Watches the connection's deadlines.</param>
    /// <param name="observer">Learns of writes, or null.</param>
    public static async ValueTask<WebSocketConnection> AcceptAsync(
        HttpContext context, WebSocketConnectionOptions options, Heartbeat heartbeat, IConnectionObserver? observer = null)
    {
        ArgumentNullException.ThrowIfNull(context);
        WebSocketLink link = IsConnect(context)
            ? PipeLink.OfConnect(context, await context.Features.GetRequiredFeature<IHttpExtendedConnectFeature>().AcceptAsync())
            : await UpgradeAsync(context);
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

    private static bool IsUpgrade(HttpContext context) =>
        HasToken(context.Request.Headers.Upgrade, Protocol) && context.Features.Get<IHttpUpgradeFeature>() is { IsUpgradableRequest: true };

    private static async ValueTask<WebSocketLink> UpgradeAsync(HttpContext context)
    {
        IHeaderDictionary headers = context.Response.Headers;
        headers.Connection = HeaderNames.Upgrade;
        headers.Upgrade = Protocol;
        headers.SecWebSocketAccept = AnswerTo(context.Request.Headers.SecWebSocketKey.ToString());
        return context.Features.Get<IWebSocketUpgrade>() is { } upgrade
            ? await upgrade.TakeAsync()
            : PipeLink.OfUpgrade(context, await context.Features.GetRequiredFeature<IHttpUpgradeFeature>().UpgradeAsync());
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
