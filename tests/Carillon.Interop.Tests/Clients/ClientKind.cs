namespace Carillon.Interop.Tests.Clients;

/// <summary>A client library with the transports it is allowed to use.</summary>
public enum ClientKind
{
    PythonUpgrading,
    PythonWebSocket,
    PythonPolling,
    NodeUpgrading,
    NodeWebSocket,
    NodePolling,
}
