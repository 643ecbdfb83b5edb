namespace Carillon.Channels;

/// <summary>What happened to a channel.</summary>
public enum ChannelChange
{
    /// <summary>A connection joined.</summary>
    Joined,

    /// <summary>A connection left, or the node that held it is gone.</summary>
    Left,
}
