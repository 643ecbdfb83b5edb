namespace Carillon.SocketIO.Rooms;

/// <summary>One socket in one room, with its place there, so that leaving needs no search.</summary>
internal sealed class Membership(Socket socket, Room room)
{
    public Socket Socket => socket;

    public Room Room => room;

    /// <summary>Guarded by the room's lock.</summary>
    public int Position { get; set; }
}
