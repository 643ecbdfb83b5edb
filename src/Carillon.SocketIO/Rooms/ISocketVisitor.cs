namespace Carillon.SocketIO.Rooms;

/// <summary>What is done with each socket of an audience. A struct passed by reference, so that visiting allocates nothing.</summary>
internal interface ISocketVisitor
{
    /// <summary>Called under the lock of a room: it must not block, nor join or leave rooms.</summary>
    void Visit(Socket socket);
}
