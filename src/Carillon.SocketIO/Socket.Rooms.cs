using Carillon.Connections;
using Carillon.SocketIO.Rooms;
using Atomic = System.Threading.Volatile;

namespace Carillon.SocketIO;

public sealed partial class Socket
{
    private Membership? _everyone;
    private Membership[] _memberships = []; // Replaced, never changed, so that broadcasts read it without a lock.

    /// <summary>
    /// The rooms the socket is in, its own among them. After it has left: those it was in, for the disconnect handler.
    /// </summary>
    public IReadOnlyList<string> Rooms => [Id, .. RoomNames];

    internal IEnumerable<string> RoomNames => Atomic.Read(ref _memberships).Select(static membership => membership.Room.Name);

    /// <summary>Puts the socket into a room; nothing if it is there, or has left. Middleware may do it already.</summary>
    public void Join(string room)
    {
        ArgumentNullException.ThrowIfNull(room);
        lock (_gate)
        {
            if (_state != SocketState.Disconnected && room != Id && !IsIn(room))
            {
                Atomic.Write(ref _memberships, [.. _memberships, Namespace.Index.Join(this, room)]);
            }
        }
    }

    /// <summary>Puts the socket into several rooms.</summary>
    public void Join(params ReadOnlySpan<string> rooms)
    {
        foreach (string room in rooms)
        {
            Join(room);
        }
    }

    /// <summary>Takes the socket out of a room; nothing if it is not there. Its own room cannot be left.</summary>
    public void Leave(string room)
    {
        ArgumentNullException.ThrowIfNull(room);
        lock (_gate)
        {
            if (_state != SocketState.Disconnected && Array.Find(_memberships, membership => membership.Room.Name == room) is { } found)
            {
                Atomic.Write(ref _memberships, Array.FindAll(_memberships, membership => membership != found));
                Namespace.Index.Leave(found);
            }
        }
    }

    internal bool IsInAny(ReadOnlySpan<string> rooms)
    {
        foreach (string room in rooms)
        {
            if (room == Id || IsIn(room))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Joins, unless the client is gone already. From here on work waits until <see cref="RunConnect"/> has begun it.</summary>
    internal bool TryConnect(ReadOnlySpan<Frame> greeting)
    {
        lock (_gate)
        {
            if (_state != SocketState.Connecting || _successor is not null)
            {
                return false;
            }

            // Before anything that is sent to the namespace.
            _client.Session.Outbox.TryEnqueue(greeting);
            _state = SocketState.Connected;
            _busy = true;
            _everyone = Namespace.Index.Add(this);
        }

        return true;
    }

    private bool IsIn(string room)
    {
        foreach (Membership membership in Atomic.Read(ref _memberships))
        {
            if (membership.Room.Name == room)
            {
                return true;
            }
        }

        return false;
    }

    private void LeaveRoomsNeedsLock()
    {
        foreach (Membership membership in _memberships)
        {
            Namespace.Index.Leave(membership);
        }

        if (_everyone is not null)
        {
            Namespace.Index.Remove(_everyone);
        }
    }
}
