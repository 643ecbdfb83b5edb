namespace Carillon.AspNetCore.Tests.WebSockets;

/// <summary>What carries a WebSocket on the server's side.</summary>
public enum SocketHost
{
    /// <summary>A connection held below HTTP.</summary>
    Held,

    /// <summary>A request of the ordinary host.</summary>
    Request,

    /// <summary>A stream of an HTTP/2 connection (RFC 8441).</summary>
    Http2,
}
