using System.Text.Json;
using Microsoft.AspNetCore.Http;

namespace Carillon.SocketIO.EngineIO;

/// <summary>A refused request, answered as the reference server does.</summary>
/// <param name="Status">HTTP status.</param>
/// <param name="Code">The protocol's number for it, or -1 where the reference has none.</param>
/// <param name="Message">What clients read.</param>
internal sealed record EngineError(int Status, int Code, string Message)
{
    public static readonly EngineError UnknownTransport = new(StatusCodes.Status400BadRequest, 0, "Transport unknown");
    public static readonly EngineError UnknownSession = new(StatusCodes.Status400BadRequest, 1, "Session ID unknown");
    public static readonly EngineError BadHandshakeMethod = new(StatusCodes.Status400BadRequest, 2, "Bad handshake method");
    public static readonly EngineError BadRequest = new(StatusCodes.Status400BadRequest, 3, "Bad request");
    public static readonly EngineError Forbidden = new(StatusCodes.Status403Forbidden, 4, "Forbidden");
    public static readonly EngineError UnsupportedVersion = new(StatusCodes.Status400BadRequest, 5, "Unsupported protocol version");
    public static readonly EngineError VersionOfWebSocket = new(StatusCodes.Status426UpgradeRequired, 3, "Unsupported WebSocket version");
    public static readonly EngineError PayloadTooLarge = new(StatusCodes.Status413PayloadTooLarge, 3, "Payload too large");
    public static readonly EngineError ShuttingDown = new(StatusCodes.Status503ServiceUnavailable, -1, "Server is shutting down");

    /// <summary>Answers with the status and <c>{"code":N,"message":"…"}</c>; nothing of the request is echoed.</summary>
    public Task WriteAsync(HttpContext context)
    {
        context.Response.StatusCode = Status;
        context.Response.ContentType = "application/json";
        JsonEncodedText message = JsonEncodedText.Encode(Message);
        string body = Code < 0 ? $$"""{"message":"{{message}}"}""" : $$"""{"code":{{Code}},"message":"{{message}}"}""";
        return context.Response.WriteAsync(body, CancellationToken.None);
    }
}
