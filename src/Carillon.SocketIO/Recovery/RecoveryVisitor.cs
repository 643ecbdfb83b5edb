using Carillon.Connections;
using Carillon.SocketIO.Rooms;

namespace Carillon.SocketIO.Recovery;

/// <summary>Queues the same frames for each socket and notes there what it was sent.</summary>
internal readonly struct RecoveryVisitor(Frame[] frames, bool isVolatile, long offset) : ISocketVisitor
{
    public void Visit(Socket socket)
    {
        bool isSent = socket.Send(frames, isVolatile);
        if (isVolatile)
        {
            return;
        }

        if (isSent)
        {
            socket.LastSent = offset;
        }
        else
        {
            socket.FirstMissed = Math.Min(socket.FirstMissed, offset); // Its connection has ended, and it is about to leave.
        }
    }
}
