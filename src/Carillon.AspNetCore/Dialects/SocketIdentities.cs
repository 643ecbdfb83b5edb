using System.Text.Json.Nodes;
using Carillon.Access;
using Carillon.AspNetCore.Authentication;
using Carillon.AspNetCore.Commands;
using Carillon.Errors;
using Carillon.SocketIO;
using Microsoft.AspNetCore.Http;

namespace Carillon.AspNetCore.Dialects;

/// <summary>Tells who a socket is: by the request that opened its session, by the token in <c>auth</c>, or by one that comes later. Thread-safe.</summary>
/// <param name="verifiers">The application's; null if it verifies no tokens, so that <c>auth</c> means nothing to the hub.</param>
internal sealed class SocketIdentities(TokenVerifiers? verifiers)
{
    private const string Key = "carillon.requester";

    private static readonly Error NoTokens = new(ErrorCode.Unauthorized, "This server verifies no tokens");

    /// <summary>What to keep of a session's first request; nothing of one that says nothing.</summary>
    public static object? Remember(HttpContext context)
    {
        Requester requester = context.GetRequester();
        Error? refusal = context.GetTokenRefusal();
        return requester.IsAuthenticated || refusal is not null ? new SocketVisitor(requester, refusal) : null;
    }

    /// <summary>Lets a socket in unless a token that it brought was refused: who shows a wrong one is not to go on as nobody without knowing.</summary>
    public async ValueTask<ConnectRefusal?> CheckAsync(Socket socket, CancellationToken cancellationToken)
    {
        Error? error = (socket.Handshake.Remembered as SocketVisitor)?.Refusal;
        if (socket.Handshake.Auth.IsEmpty)
        {
            return error is null ? null : Refusal(error);
        }

        Requester? requester = null;
        if (error is null && verifiers is not null)
        {
            error = TokenField.ReadObject(socket.Handshake.Auth.Span, "auth", out TokenClaim? claim);
            if (error is null && claim is not null)
            {
                (requester, error) = await IdentifyAsync(OfRequest(socket), claim, "auth", cancellationToken);
            }
        }

        socket.Data[Key] = requester; // Also where it is nobody: what is set here is not taken from the session that a client comes back to.
        return error is null ? null : Refusal(error);
    }

    /// <summary>Who a socket is that was let in.</summary>
    public static Requester Of(Socket socket) =>
        !socket.Handshake.Auth.IsEmpty && socket.Data.TryGetValue(Key, out object? known) && known is Requester requester ? requester : OfRequest(socket);

    /// <summary>Who somebody is by a token that he shows, at the same address.</summary>
    public async ValueTask<(Requester? Requester, Error? Error)> IdentifyAsync(Requester before, TokenClaim claim, string place, CancellationToken cancellationToken)
    {
        if (verifiers is null)
        {
            return (null, NoTokens);
        }

        TokenResult result = await verifiers.VerifyAsync(claim.Type, claim.Token, cancellationToken, place);
        return result.Accepted ? (before.With(result.Token), null) : (null, result.Error);
    }

    /// <summary>The error as a client gets it with <c>connect_error</c>: its sentence, and <c>data.code</c>.</summary>
    public static ConnectRefusal Refusal(Error error) => new(error.Message, new JsonObject { ["code"] = error.Code.Name });

    private static Requester OfRequest(Socket socket) =>
        (socket.Handshake.Remembered as SocketVisitor)?.Requester ?? new Requester(socket.Handshake.User, socket.Handshake.RemoteAddress);
}
