using Carillon.SocketIO.Rooms;

namespace Carillon.SocketIO;

/// <summary>Chosen sockets of a namespace, with flags for what is sent to them.</summary>
public sealed class BroadcastOperator : BroadcastEmitter
{
    internal BroadcastOperator(SocketNamespace target, Audience audience, EmitFlags flags)
    {
        Target = target;
        Audience = audience;
        Flags = flags;
    }

    internal override SocketNamespace Target { get; }

    internal override Audience Audience { get; }

    internal override EmitFlags Flags { get; }
}
