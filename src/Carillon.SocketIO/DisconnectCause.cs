namespace Carillon.SocketIO;

/// <summary>What ended a socket.</summary>
public enum DisconnectCause
{
    /// <summary>The link broke or the client closed it; or it was broken here because the client read nothing, then the detail says <c>write timeout</c>.</summary>
    TransportClose,

    /// <summary>The client used the transport wrongly.</summary>
    TransportError,

    /// <summary>The client did not answer a ping in time.</summary>
    PingTimeout,

    /// <summary>The client left the namespace.</summary>
    ClientNamespaceDisconnect,

    /// <summary>The server made the socket leave the namespace.</summary>
    ServerNamespaceDisconnect,

    /// <summary>The client sent a packet that breaks the protocol.</summary>
    ParseError,

    /// <summary>The server closed the client's connection.</summary>
    ForcedClose,

    /// <summary>The server shuts down.</summary>
    ServerShuttingDown,

    /// <summary>The client read too slowly: its outbox was full.</summary>
    OutboxOverflow,

    /// <summary>The client joined no namespace in time.</summary>
    ConnectTimeout,

    /// <summary>Handlers did not keep up: the client could not be read, and none of its handlers began, for too long (<see cref="EngineIO.EngineIOOptions.PauseTimeout"/>).</summary>
    BacklogTimeout,
}
