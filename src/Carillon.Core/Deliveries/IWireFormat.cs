using Carillon.Messages;

namespace Carillon.Deliveries;

/// <summary>One protocol's way of writing a delivered message. Implementations are stateless, thread-safe and few: one instance serves every subscriber of that protocol.</summary>
/// <typeparam name="TFrame">What the protocol's connections send.</typeparam>
public interface IWireFormat<out TFrame>
    where TFrame : class
{
    /// <summary>Encodes a message. Called once per message however many subscribers share the result.</summary>
    TFrame Encode(Message message);
}
