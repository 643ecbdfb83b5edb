using Carillon.Interop.Tests.Clients;
using Carillon.Interop.Tests.Servers;
using Carillon.Interop.Tests.Waiting;

namespace Carillon.Interop.Tests.Durable;

/// <summary>Clients that end without a word.</summary>
public sealed class KilledClientTests(SharedProcesses shared)
{
    [Theory]
    [InlineData(ClientKind.PythonUpgrading, ClientKind.NodeUpgrading)]
    [InlineData(ClientKind.PythonWebSocket, ClientKind.NodeWebSocket)]
    [InlineData(ClientKind.PythonPolling, ClientKind.NodePolling)]
    public async Task A_killed_client_process_loses_its_subscriptions(ClientKind python, ClientKind node)
    {
        var topic = Names.Topic();
        await using var pythonProcess = await StartSubscribedAsync(python, topic);
        await using var nodeProcess = await StartSubscribedAsync(node, topic);
        (await shared.Server.Api.ClientsAsync(topic)).Count.ShouldBe(2);

        await pythonProcess.KillAsync();
        await nodeProcess.KillAsync();

        // A poller that dies between two polls leaves no trace but its missing heartbeat.
        var deadline = python.FinalTransport() == "polling" ? Deadlines.Heartbeat : Deadlines.Usual;
        await Eventually.BecomesAsync(() => shared.Server.Api.ClientsAsync(topic), rows => rows.Count == 0, "no subscription in /clients", deadline);
    }

    private async Task<ClientProcess> StartSubscribedAsync(ClientKind kind, string topic)
    {
        var process = ClientProcess.Start(kind.Library());
        var client = await process.ConnectAsync(kind, shared.Server);
        await client.SubscribeAsync(Names.Consumer(), topic);
        await Eventually.BecomesAsync(client.TransportAsync, transport => transport == kind.FinalTransport(), "the final transport");
        return process;
    }
}
