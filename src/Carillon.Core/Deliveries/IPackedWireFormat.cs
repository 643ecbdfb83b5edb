using Carillon.Messages;

namespace Carillon.Deliveries;

/// <summary>
/// A protocol's way of writing several delivered messages into one frame. Implementations are stateless, thread-safe and few: one instance serves every subscriber of that
/// protocol.
/// </summary>
/// <typeparam name="TFrame">What the protocol's connections send.</typeparam>
public interface IPackedWireFormat<out TFrame>
    where TFrame : class
{
    /// <summary>Encodes consecutive messages of one topic, at least one. Called once for all subscribers who share the result.</summary>
    TFrame Encode(ReadOnlySpan<Message> messages);
}
