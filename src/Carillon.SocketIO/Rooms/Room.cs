namespace Carillon.SocketIO.Rooms;

/// <summary>The sockets in one room, or all of a namespace. What is sent to it is seen by all its members in the same order. Thread-safe.</summary>
internal sealed class Room(string name)
{
    private readonly Lock _gate = new(); // Guards the members; held over visits, which only enqueue.
    private Membership[] _members = [];
    private int _count;
    private bool _isAbandoned;

    public string Name => name;

    public int Count => Volatile.Read(ref _count);

    /// <summary>Adds a socket; null if the room was abandoned meanwhile and another must take its place.</summary>
    public Membership? TryAdd(Socket socket)
    {
        var membership = new Membership(socket, this);
        lock (_gate)
        {
            if (_isAbandoned)
            {
                return null;
            }

            if (_count == _members.Length)
            {
                Array.Resize(ref _members, Math.Max(4, _count * 2));
            }

            membership.Position = _count;
            _members[_count++] = membership;
        }

        return membership;
    }

    /// <summary>Removes a member. True if it was the last: the room is abandoned then, unless <paramref name="keepEmpty"/>.</summary>
    public bool Remove(Membership membership, bool keepEmpty = false)
    {
        lock (_gate)
        {
            Membership last = _members[--_count];
            last.Position = membership.Position;
            _members[membership.Position] = last;
            _members[_count] = null!;
            if (_count < _members.Length / 4)
            {
                Array.Resize(ref _members, _members.Length / 2);
            }

            _isAbandoned = _count == 0 && !keepEmpty;
            return _isAbandoned;
        }
    }

    /// <summary>Visits each member that is in none of the rooms <paramref name="except"/>.</summary>
    public void Visit<TVisitor>(ref TVisitor visitor, ReadOnlySpan<string> except)
        where TVisitor : struct, ISocketVisitor
    {
        lock (_gate)
        {
            foreach (Membership member in _members.AsSpan(0, _count))
            {
                if (except.IsEmpty || !member.Socket.IsInAny(except))
                {
                    visitor.Visit(member.Socket);
                }
            }
        }
    }
}
