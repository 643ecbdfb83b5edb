using Carillon.SocketIO.Json;
using Carillon.SocketIO.Packets;

namespace Carillon.SocketIO;

/// <summary>One socket with flags for what is sent to it.</summary>
internal sealed class SingleSocketEmitter(Socket socket, EmitFlags flags) : SocketEmitter
{
    internal override SocketJson Json => socket.Json;

    internal override ValueTask SendAsync(in Payload payload)
    {
        socket.Send(payload, flags);
        return ValueTask.CompletedTask;
    }
}
