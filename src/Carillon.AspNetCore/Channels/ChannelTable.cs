using System.Diagnostics.CodeAnalysis;

namespace Carillon.AspNetCore.Channels;

/// <summary>
/// The channels that have clients at this node, and how many clients they may have. A channel without clients is forgotten when nothing is generated for it any more. Thread-safe.
/// </summary>
internal sealed class ChannelTable(int maxConnections, int maxConnectionsPerChannel, IChannelUpdates updates)
{
    private readonly Lock _gate = new(); // Guards the fields below and each channel's number of reserved places.
    private readonly Dictionary<string, LiveChannel> _channels = new(StringComparer.Ordinal);
    private int _connections;

    /// <summary>All channels of this moment.</summary>
    public LiveChannel[] Channels
    {
        get
        {
            lock (_gate)
            {
                return [.. _channels.Values];
            }
        }
    }

    /// <summary>Keeps a place for one more client, until <see cref="Release"/>; or says what is full.</summary>
    public bool TryReserve(string id, [NotNullWhen(true)] out LiveChannel? channel, [NotNullWhen(false)] out string? refusal)
    {
        lock (_gate)
        {
            _channels.TryGetValue(id, out channel);
            refusal = _connections >= maxConnections ? "The server has as many connections as it may"
                : channel?.Reserved >= maxConnectionsPerChannel ? "The channel has as many connections as it may"
                : null;
            if (refusal is not null)
            {
                return false;
            }

            if (channel is null)
            {
                _channels.Add(id, channel = new LiveChannel(id, updates));
            }

            channel.Reserved++;
            _connections++;
            return true;
        }
    }

    /// <summary>Gives a place back.</summary>
    public void Release(LiveChannel channel)
    {
        lock (_gate)
        {
            _connections--;
            channel.Reserved--;
            ForgetNeedsLock(channel);
        }
    }

    /// <summary>To be called when a channel has become idle.</summary>
    public void OnIdle(LiveChannel channel)
    {
        lock (_gate)
        {
            ForgetNeedsLock(channel);
        }
    }

    /// <summary>The channel, if it has clients at this node.</summary>
    public LiveChannel? Find(string id)
    {
        lock (_gate)
        {
            return _channels.GetValueOrDefault(id);
        }
    }

    // Not while an object is generated: who joins meanwhile would begin another channel, and so a second generation beside it.
    private void ForgetNeedsLock(LiveChannel channel)
    {
        if (channel is { Reserved: 0, IsUpdating: false })
        {
            ((ICollection<KeyValuePair<string, LiveChannel>>)_channels).Remove(new KeyValuePair<string, LiveChannel>(channel.Id, channel));
        }
    }
}
