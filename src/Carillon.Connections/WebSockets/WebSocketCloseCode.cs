namespace Carillon.Connections.WebSockets;

/// <summary>Why a connection was closed: RFC 6455 §7.4.1 and the IANA registry.</summary>
public enum WebSocketCloseCode
{
    /// <summary>No code: an empty close frame, or none at all. Never sent.</summary>
    None = 0,

    /// <summary>The purpose is fulfilled.</summary>
    Normal = 1000,

    /// <summary>The endpoint goes away, for example a server that shuts down. Clients come back.</summary>
    GoingAway = 1001,

    /// <summary>The peer broke the protocol.</summary>
    ProtocolError = 1002,

    /// <summary>A kind of data that is not accepted here.</summary>
    UnsupportedData = 1003,

    /// <summary>Text that is not UTF-8.</summary>
    InvalidData = 1007,

    /// <summary>The peer broke a rule of the application.</summary>
    PolicyViolation = 1008,

    /// <summary>A message over the limit.</summary>
    MessageTooBig = 1009,

    /// <summary>The server failed.</summary>
    InternalError = 1011,
}
