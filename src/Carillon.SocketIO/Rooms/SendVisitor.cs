using Carillon.Connections;

namespace Carillon.SocketIO.Rooms;

/// <summary>Queues the same frames for each socket.</summary>
internal readonly struct SendVisitor(Frame[] frames, bool isVolatile) : ISocketVisitor
{
    public void Visit(Socket socket) => socket.Send(frames, isVolatile);
}
