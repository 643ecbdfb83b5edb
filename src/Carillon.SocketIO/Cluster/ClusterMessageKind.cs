namespace Carillon.SocketIO.Cluster;

/// <summary>What a message between nodes is about.</summary>
internal enum ClusterMessageKind
{
    /// <summary>An event for sockets.</summary>
    Broadcast = 1,

    /// <summary>An event for sockets that are to acknowledge it.</summary>
    Ask,

    /// <summary>Which sockets are there?</summary>
    Fetch,

    /// <summary>Sockets join rooms.</summary>
    Join,

    /// <summary>Sockets leave rooms.</summary>
    Leave,

    /// <summary>Sockets are disconnected.</summary>
    Disconnect,

    /// <summary>An event for the other nodes themselves.</summary>
    ServerEvent,

    /// <summary>A node's answer to a question.</summary>
    Answer,
}
