namespace Carillon.AspNetCore.Channels;

/// <summary>
/// A channel that has clients at this node: who they are, and the sending of its object to them. While one object is generated and sent, all further changes lead to exactly one
/// more. Thread-safe.
/// </summary>
internal sealed class LiveChannel(string id, IChannelUpdates updates)
{
    private readonly Lock _gate = new(); // Guards the fields below, and the connections' places; never held while others are called.
    private readonly List<ChannelConnection> _connections = [];
    private bool _isChanged;
    private bool _isUpdating;

    public string Id => id;

    /// <summary>How many clients it has, or lets in now; guarded by the <see cref="ChannelTable"/>.</summary>
    public int Reserved { get; set; }

    /// <summary>Whether its object is generated, or soon will be.</summary>
    public bool IsUpdating
    {
        get
        {
            lock (_gate)
            {
                return _isUpdating;
            }
        }
    }

    /// <summary>The newest clients last, as far as none has left.</summary>
    public ChannelConnection[] Connections
    {
        get
        {
            lock (_gate)
            {
                return [.. _connections];
            }
        }
    }

    public void Add(ChannelConnection connection)
    {
        lock (_gate)
        {
            connection.Place = _connections.Count;
            _connections.Add(connection);
        }
    }

    /// <summary>Takes out a client; does nothing if it was not added.</summary>
    public void Remove(ChannelConnection connection)
    {
        lock (_gate)
        {
            if (connection.Place < 0)
            {
                return;
            }

            ChannelConnection last = _connections[^1];
            _connections[connection.Place] = last;
            last.Place = connection.Place;
            connection.Place = -1;
            _connections.RemoveAt(_connections.Count - 1);
        }
    }

    /// <summary>The object may have changed: it is generated and sent, soon, to all who are in the channel now.</summary>
    public void Update()
    {
        lock (_gate)
        {
            _isChanged = true;
            if (_isUpdating)
            {
                return;
            }

            _isUpdating = true;
        }

        // Without the execution context of the request or the receive loop that made the change.
        ThreadPool.UnsafeQueueUserWorkItem(static channel => _ = channel.UpdateAsync(), this, preferLocal: false);
    }

    private async Task UpdateAsync()
    {
        while (TryBegin() is { } audience)
        {
            await updates.SendObjectAsync(this, audience);
        }

        updates.OnIdle(this);
    }

    // Whom the next object goes to: it is generated after they joined. Who joins from now on is a change of its own, and gets the object after it.
    private ChannelConnection[]? TryBegin()
    {
        lock (_gate)
        {
            _isUpdating = _isChanged && _connections.Count > 0;
            _isChanged = false;
            return _isUpdating ? [.. _connections] : null;
        }
    }
}
