using System.Net;
using System.Net.Sockets;
using System.Runtime.CompilerServices;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Carillon.Connections.Upgrades;

/// <summary>
/// Listens on TCP endpoints in place of Kestrel's own socket transport, with that transport's options: what it does not answer goes on as if it had come from there.
/// </summary>
internal sealed class UpgradeListenerFactory(UpgradeGate gate, IOptions<SocketTransportOptions> options, ILoggerFactory loggers)
    : IConnectionListenerFactory, IConnectionListenerFactorySelector
{
    private readonly SocketConnectionFactoryOptions? _connectionOptions = CopyOf(options.Value);

    public bool CanBind(EndPoint endpoint) => endpoint is IPEndPoint && _connectionOptions is not null;

    public ValueTask<IConnectionListener> BindAsync(EndPoint endpoint, CancellationToken cancellationToken = default)
    {
        SocketTransportOptions transport = options.Value;
        Socket socket;
        try
        {
            socket = transport.CreateBoundListenSocket(endpoint);
        }
        catch (SocketException inUse) when (inUse.SocketErrorCode == SocketError.AddressAlreadyInUse)
        {
            throw new AddressInUseException(inUse.Message, inUse); // What Kestrel expects of a transport.
        }

        socket.Listen(transport.Backlog);
        var connections = new SocketConnectionContextFactory(
            _connectionOptions!, loggers.CreateLogger("Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets"));
        return ValueTask.FromResult<IConnectionListener>(new UpgradeListener(socket, transport.NoDelay, connections, gate));
    }

    // The framework's own way from the one kind of options to the other is not public, and the only one that carries the memory pool over: with the public
    // constructor's pool Kestrel fails to write a response. A framework without it gets its connections from its own transport.
    private static SocketConnectionFactoryOptions? CopyOf(SocketTransportOptions transport)
    {
        try
        {
            return CreateOptions(transport);
        }
        catch (MissingMethodException)
        {
            return null;
        }
    }

    [UnsafeAccessor(UnsafeAccessorKind.Constructor)]
    private static extern SocketConnectionFactoryOptions CreateOptions(SocketTransportOptions transport);
}
