using Carillon.Messages;

namespace Carillon.Engines;

/// <summary>Receives what an engine accepted.</summary>
public interface IMessageSink
{
    /// <summary>
    /// Takes messages that are stored. The engine calls it in offset order per topic, each message once, never from two threads at a time.
    /// The call only queues: it never blocks and never throws. The span is valid during the call.
    /// </summary>
    void OnMessages(ReadOnlySpan<Message> batch);
}
