using Carillon.SocketIO;

namespace SocketIO.ProtocolTarget.Namespaces;

/// <summary>The namespaces of profiles <c>suite</c> and <c>recovery</c>.</summary>
internal static class SuiteNamespaces
{
    public static void Map(SocketIOServer server)
    {
        server.Of("/custom");
        server.Of("/secure");
    }
}
