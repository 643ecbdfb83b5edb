namespace Carillon.SocketIO;

/// <summary>The life of a socket.</summary>
internal enum SocketState
{
    /// <summary>Its namespace's checks are running.</summary>
    Connecting,

    /// <summary>It was told its id.</summary>
    Connected,

    /// <summary>It has left or was refused. Packets that were on their way are ignored.</summary>
    Disconnected,
}
