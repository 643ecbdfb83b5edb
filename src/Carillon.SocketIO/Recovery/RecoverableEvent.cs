using Carillon.Connections;

namespace Carillon.SocketIO.Recovery;

/// <summary>An event as it was sent to a namespace's sockets.</summary>
/// <param name="Offset">Its number in the namespace.</param>
/// <param name="Frames">The packet and its attachments.</param>
/// <param name="Rooms">The rooms it was sent to; all sockets of the namespace if there is none. A socket's id is a room of its own.</param>
/// <param name="Except">Rooms whose sockets did not get it.</param>
public sealed record RecoverableEvent(long Offset, IReadOnlyList<Frame> Frames, IReadOnlyList<string> Rooms, IReadOnlyList<string> Except)
{
    /// <summary>Whether a socket in <paramref name="rooms"/>, its own among them, was meant.</summary>
    public bool IsFor(IReadOnlySet<string> rooms) => (Rooms.Count == 0 || Rooms.Any(rooms.Contains)) && !Except.Any(rooms.Contains);
}
