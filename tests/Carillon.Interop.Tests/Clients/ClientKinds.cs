namespace Carillon.Interop.Tests.Clients;

internal static class ClientKinds
{
    public static ClientLibrary Library(this ClientKind kind) => kind switch
    {
        ClientKind.PythonUpgrading or ClientKind.PythonWebSocket or ClientKind.PythonPolling => ClientLibrary.Python,
        _ => ClientLibrary.Node,
    };

    /// <summary>The transports option, in order of preference: both is what clients do by default.</summary>
    public static string[] Transports(this ClientKind kind) => kind switch
    {
        ClientKind.PythonPolling or ClientKind.NodePolling => ["polling"],
        ClientKind.PythonWebSocket or ClientKind.NodeWebSocket => ["websocket"],
        _ => ["polling", "websocket"],
    };

    /// <summary>The transport the client ends up with.</summary>
    public static string FinalTransport(this ClientKind kind) => kind.Transports()[^1];
}
