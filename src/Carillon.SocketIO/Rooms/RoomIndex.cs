using System.Collections.Concurrent;

namespace Carillon.SocketIO.Rooms;

/// <summary>The sockets of one namespace on this node, and their rooms. Thread-safe.</summary>
internal sealed class RoomIndex
{
    [ThreadStatic]
    private static HashSet<Socket>? _seen;

    private readonly ConcurrentDictionary<string, Socket> _sockets = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, Room> _rooms = new(StringComparer.Ordinal);
    private readonly Room _everyone = new(string.Empty);

    public int SocketCount => _everyone.Count;

    public IEnumerable<Socket> Sockets => _sockets.Select(static pair => pair.Value);

    /// <summary>The rooms that sockets joined, without the room of its own that every socket has.</summary>
    public IEnumerable<string> RoomNames => _rooms.Select(static pair => pair.Key);

    public Membership Add(Socket socket)
    {
        _sockets[socket.Id] = socket;
        return _everyone.TryAdd(socket)!; // It is never abandoned.
    }

    public void Remove(Membership everyone)
    {
        _sockets.TryRemove(everyone.Socket.Id, out _);
        _everyone.Remove(everyone, keepEmpty: true);
    }

    public Membership Join(Socket socket, string roomName)
    {
        while (true)
        {
            Room room = _rooms.GetOrAdd(roomName, static name => new Room(name));
            if (room.TryAdd(socket) is { } membership)
            {
                return membership;
            }

            _rooms.TryRemove(KeyValuePair.Create(roomName, room)); // Its last member left this moment.
        }
    }

    public void Leave(Membership membership)
    {
        if (membership.Room.Remove(membership))
        {
            _rooms.TryRemove(KeyValuePair.Create(membership.Room.Name, membership.Room));
        }
    }

    /// <summary>Visits each socket of the audience once.</summary>
    public void Visit<TVisitor>(in Audience audience, ref TVisitor visitor)
        where TVisitor : struct, ISocketVisitor
    {
        switch (audience.Rooms)
        {
            case []:
                _everyone.Visit(ref visitor, audience.Except);
                break;
            case [var only] when !_sockets.ContainsKey(only):
                VisitRoom(only, audience.Except, ref visitor);
                break;
            default:
                VisitOnce(audience, ref visitor);
                break;
        }
    }

    // A socket may be in several of the rooms.
    private void VisitOnce<TVisitor>(in Audience audience, ref TVisitor visitor)
        where TVisitor : struct, ISocketVisitor
    {
        HashSet<Socket> seen = _seen ?? new HashSet<Socket>(ReferenceEqualityComparer.Instance);
        _seen = null;
        var once = new OnceVisitor<TVisitor>(visitor, seen);
        foreach (string room in audience.Rooms)
        {
            VisitRoom(room, audience.Except, ref once);
            if (_sockets.TryGetValue(room, out Socket? socket) && !socket.IsInAny(audience.Except))
            {
                once.Visit(socket);
            }
        }

        seen.Clear();
        _seen = seen;
    }

    private void VisitRoom<TVisitor>(string room, string[] except, ref TVisitor visitor)
        where TVisitor : struct, ISocketVisitor
    {
        if (_rooms.TryGetValue(room, out Room? found))
        {
            found.Visit(ref visitor, except);
        }
    }

    private readonly struct OnceVisitor<TVisitor>(TVisitor inner, HashSet<Socket> seen) : ISocketVisitor
        where TVisitor : struct, ISocketVisitor
    {
        public void Visit(Socket socket)
        {
            if (seen.Add(socket))
            {
                inner.Visit(socket);
            }
        }
    }
}
