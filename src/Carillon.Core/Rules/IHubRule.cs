using Carillon.Errors;

namespace Carillon.Rules;

/// <summary>Something that every client of a hub has to keep to; who does not is told and then disconnected. Shipped ones are in <see cref="HubRule"/>.</summary>
/// <remarks>Implementations are thread-safe, quick and never block: each heartbeat asks them about each client.</remarks>
public interface IHubRule
{
    /// <summary>Null when the client keeps to the rule; else what to tell it, mostly as <see cref="ErrorCode.RuleBroken"/>. An exception is told as a fault, and the client keeps to the rule.</summary>
    Error? Check(in ClientState client);
}
