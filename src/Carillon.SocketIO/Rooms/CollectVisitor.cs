namespace Carillon.SocketIO.Rooms;

/// <summary>Notes each socket, for what must not be done under a room's lock.</summary>
internal readonly struct CollectVisitor(List<Socket> sockets) : ISocketVisitor
{
    public void Visit(Socket socket) => sockets.Add(socket);
}
