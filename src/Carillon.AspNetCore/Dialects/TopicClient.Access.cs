using System.Text.Json;
using Carillon.Access;
using Carillon.AspNetCore.Commands;
using Carillon.Errors;
using Carillon.SocketIO;

namespace Carillon.AspNetCore.Dialects;

internal sealed partial class TopicClient
{
    /// <summary>A fresh token: from now on the client is whom it names. A refused one changes nothing.</summary>
    private async ValueTask AuthenticateAsync(SocketEvent received)
    {
        Error? error = TokenField.ReadObject(Argument(received), string.Empty, out TokenClaim? claim) ?? (claim is null ? Error.Missing("token") : null);
        Requester? requester = null;
        if (error is null)
        {
            (requester, error) = await _identities.IdentifyAsync(_session.Requester, claim!, string.Empty, CancellationToken.None);
        }

        if (requester is null)
        {
            Refuse(received, error!);
            return;
        }

        await _session.SetRequesterAsync(requester, CancellationToken.None);
        JsonBuffer answer = JsonBuffer.Start(out Utf8JsonWriter json);
        Answer.Ok(json);
        received.AcknowledgeJson(answer.Written);
    }

    /// <summary>Who a request says that it comes from; null if it says nothing, so that the session's requester counts.</summary>
    private async ValueTask<(Requester? Requester, Error? Error)> IdentifyAsync(TokenClaim? claim) =>
        claim is null ? (null, null) : await _identities.IdentifyAsync(_session.Requester, claim, "authorization", CancellationToken.None);
}
