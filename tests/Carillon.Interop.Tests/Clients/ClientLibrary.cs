namespace Carillon.Interop.Tests.Clients;

/// <summary>The stock client that is driven.</summary>
public enum ClientLibrary
{
    /// <summary>Debian's python3-socketio.</summary>
    Python,

    /// <summary>npm's socket.io-client.</summary>
    Node,
}
