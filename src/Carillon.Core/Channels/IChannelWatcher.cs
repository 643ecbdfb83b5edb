namespace Carillon.Channels;

/// <summary>A node that wants to know what happens to its channels elsewhere.</summary>
public interface IChannelWatcher
{
    /// <summary>
    /// A connection of another node joined or left <paramref name="channel"/>, and <see cref="IChannelRoster.CountAsync"/> counts so already. Several changes may be told
    /// as one, and one may be told twice. Called on any thread; it neither blocks nor throws. Channels that the watcher has no connection in may be told or left out.
    /// </summary>
    void OnChanged(string channel, ChannelChange change);
}
