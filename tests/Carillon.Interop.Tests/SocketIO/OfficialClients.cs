using System.Text.Json;
using System.Text.Json.Nodes;
using Carillon.Interop.Tests.Clients;
using Carillon.Interop.Tests.SocketIO;

[assembly: AssemblyFixture(typeof(OfficialClients))]

namespace Carillon.Interop.Tests.SocketIO;

/// <summary>The client processes, and a server with default settings that those scenarios share which leave it as it was.</summary>
public sealed class OfficialClients : IAsyncLifetime
{
    private readonly Dictionary<ClientLibrary, Lazy<ScenarioProcess>> _processes =
        Enum.GetValues<ClientLibrary>().ToDictionary(library => library, library => new Lazy<ScenarioProcess>(() => ScenarioProcess.Start(library)));

    internal Playground Playground { get; } = new();

    internal SocketIOApplication Application { get; private set; } = null!;

    public async ValueTask InitializeAsync() => Application = await SocketIOApplication.StartAsync(Playground.Configure);

    public async ValueTask DisposeAsync()
    {
        foreach (Lazy<ScenarioProcess> process in _processes.Values.Where(process => process.IsValueCreated))
        {
            await process.Value.DisposeAsync();
        }

        await Application.DisposeAsync();
    }

    /// <summary>Begins a scenario, with the shared server if none is given.</summary>
    internal ScenarioRun Begin(ClientKind kind, string scenario, Uri? address = null, JsonNode? details = null) =>
        _processes[kind.Library()].Value.Begin(scenario, address ?? Application.Address, kind.Transports(), details);

    /// <summary>Runs a scenario to its end.</summary>
    internal Task<JsonElement> RunAsync(ClientKind kind, string scenario, Uri? address = null, JsonNode? details = null) =>
        Begin(kind, scenario, address, details).ResultAsync();
}
