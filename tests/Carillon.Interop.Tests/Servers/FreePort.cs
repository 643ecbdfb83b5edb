using System.Net;
using System.Net.Sockets;

namespace Carillon.Interop.Tests.Servers;

/// <summary>A port for a server that is started twice on the same one.</summary>
/// <remarks>
/// Below the range that the kernel takes outgoing connections' ports from (32768 and up on Linux): another test's connection could hold the
/// port, or a client that reconnects could even connect to itself, while no server listens.
/// </remarks>
internal static class FreePort
{
    private const int First = 20_000;
    private const int End = 32_000;

    public static int Next()
    {
        while (true)
        {
            var port = Random.Shared.Next(First, End);
            using var listener = new TcpListener(IPAddress.Any, port);
            try
            {
                listener.Start();
                return port;
            }
            catch (SocketException)
            {
                // Taken: try another.
            }
        }
    }
}
