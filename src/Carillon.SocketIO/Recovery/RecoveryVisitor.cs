using Carillon.Connections;
using Carillon.SocketIO.Rooms;

namespace Carillon.SocketIO.Recovery;

/// <summary>Queues the same frames for each socket that has missed nothing, and notes there what it was sent.</summary>
internal readonly struct RecoveryVisitor(Frame[] frames, bool isVolatile, long offset) : ISocketVisitor
{
    public void Visit(Socket socket)
    {
        if (socket.FirstMissed != long.MaxValue)
        {
            return; // It is about to leave, although its outbox may have room again: after a later offset its client would not ask for what it missed.
        }

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
            socket.FirstMissed = offset; // Its connection has ended, and it is about to leave.
        }
    }
}
