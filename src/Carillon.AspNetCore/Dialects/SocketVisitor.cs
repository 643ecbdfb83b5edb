using Carillon.Access;
using Carillon.Errors;

namespace Carillon.AspNetCore.Dialects;

/// <summary>What is kept of the request that opened a Socket.IO session about who sent it.</summary>
/// <param name="Requester">Who it is by the application's authentication.</param>
/// <param name="Refusal">Why the token that it brought was refused; null if it brought none, or a good one.</param>
internal sealed record SocketVisitor(Requester Requester, Error? Refusal);
