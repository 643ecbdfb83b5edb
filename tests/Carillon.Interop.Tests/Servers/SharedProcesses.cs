using Carillon.Interop.Tests.Clients;

[assembly: AssemblyFixture(typeof(Carillon.Interop.Tests.Servers.SharedProcesses))]

namespace Carillon.Interop.Tests.Servers;

/// <summary>
/// The processes that most scenarios share: a server that creates unknown topics, one that rejects them, and one client process for each
/// language. A scenario keeps to topics and consumers of its own (<see cref="Names"/>).
/// </summary>
public sealed class SharedProcesses : IAsyncLifetime
{
    private readonly TemporaryFolder _creatingFolder = new();
    private readonly TemporaryFolder _rejectingFolder = new();
    private readonly Dictionary<ClientLibrary, ClientProcess> _clients = [];

    /// <summary>A server with the default: publishing creates a topic.</summary>
    internal ServerProcess Server { get; private set; } = null!;

    /// <summary>A server with <c>--unknown-topics reject</c>.</summary>
    internal ServerProcess RejectingServer { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        foreach (var library in Enum.GetValues<ClientLibrary>())
        {
            _clients[library] = ClientProcess.Start(library);
        }

        var creating = ServerProcess.StartAsync(new ServerSettings { Database = _creatingFolder.Database });
        var rejecting = ServerProcess.StartAsync(new ServerSettings { Database = _rejectingFolder.Database, UnknownTopics = "reject" });
        Server = await creating;
        RejectingServer = await rejecting;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var client in _clients.Values)
        {
            await client.DisposeAsync();
        }

        await Server.DisposeAsync();
        await RejectingServer.DisposeAsync();
        _creatingFolder.Dispose();
        _rejectingFolder.Dispose();
    }

    /// <summary>Connects a client to <see cref="Server"/>, or to the server given.</summary>
    internal Task<SocketClient> ConnectAsync(ClientKind kind, ServerProcess? server = null, params string[] namespaces) =>
        _clients[kind.Library()].ConnectAsync(kind, server ?? Server, namespaces);

    /// <summary>Connects a monitor: a client of the namespace <c>/monitor</c> only.</summary>
    internal Task<SocketClient> MonitorAsync(ClientKind kind, ServerProcess? server = null) => ConnectAsync(kind, server, SocketClient.Monitor);
}
