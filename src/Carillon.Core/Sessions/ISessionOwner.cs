using Carillon.Errors;

namespace Carillon.Sessions;

/// <summary>The connection behind a session, as the hub sees it: who can say when its client pinged, and disconnect it.</summary>
/// <remarks>Thread-safe.</remarks>
public interface ISessionOwner
{
    /// <summary>When the client last sent a ping, or came if it sent none, as a timestamp of the hub's clock; null where the protocol gives clients no ping to send.</summary>
    long? LastPing { get; }

    /// <summary>The client broke a rule of the hub: it is told <paramref name="reason"/>, then disconnected. Called once; neither blocks nor throws.</summary>
    void OnRuleBroken(Error reason);
}
