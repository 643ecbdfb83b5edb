namespace Carillon.SocketIO.Rooms;

/// <summary>Notes each socket that has joined, for what must not be done under a room's lock. One that is still being checked may be in rooms already.</summary>
internal readonly struct CollectVisitor(List<Socket> sockets) : ISocketVisitor
{
    public void Visit(Socket socket)
    {
        if (socket.IsConnected)
        {
            sockets.Add(socket);
        }
    }
}
