namespace Carillon.SocketIO;

/// <summary>Why a socket or a session ended.</summary>
/// <param name="Cause">The kind of reason.</param>
/// <param name="Detail">A text of the server, or null; it holds nothing the client sent.</param>
public readonly record struct DisconnectReason(DisconnectCause Cause, string? Detail = null)
{
    /// <summary>The reason in Socket.IO's words, as its server would name it.</summary>
    public override string ToString() => Cause switch
    {
        DisconnectCause.TransportClose => "transport close",
        DisconnectCause.TransportError => "transport error",
        DisconnectCause.PingTimeout => "ping timeout",
        DisconnectCause.ClientNamespaceDisconnect => "client namespace disconnect",
        DisconnectCause.ServerNamespaceDisconnect => "server namespace disconnect",
        DisconnectCause.ParseError => "parse error",
        DisconnectCause.ServerShuttingDown => "server shutting down",
        DisconnectCause.OutboxOverflow => "outbox overflow",
        DisconnectCause.ConnectTimeout => "connect timeout",
        DisconnectCause.BacklogTimeout => "backlog timeout",
        _ => "forced close",
    };
}
