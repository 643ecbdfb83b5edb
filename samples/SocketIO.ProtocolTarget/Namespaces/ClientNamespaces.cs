using Carillon.SocketIO;

namespace SocketIO.ProtocolTarget.Namespaces;

/// <summary>The namespaces of profile <c>client</c>.</summary>
internal static class ClientNamespaces
{
    public static void Map(SocketIOServer server)
    {
        foreach (string name in new[] { "/foo", "/valid", "/asd", "/timeout_socket", "/abc", "/no" })
        {
            server.Of(name);
        }
    }
}
