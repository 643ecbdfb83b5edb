using Carillon.Connections;
using Carillon.Connections.Tests.WebSockets;
using Carillon.SocketIO.EngineIO;
using Shouldly;
using Xunit;

namespace Carillon.SocketIO.Tests.EngineIO;

public class UnreadEchoTests : HostedTests
{
    [Fact]
    public async Task Client_that_sends_and_never_reads_what_comes_back_holds_bounded_memory_and_is_cut_off()
    {
        const int MessageSize = 100_000;
        long most = 0;
        EngineSocket? server = null;
        var options = new EngineIOOptions { Outbox = new OutboxOptions { WriteTimeout = TimeSpan.FromSeconds(2) } };
        await using EngineApplication application = await StartEngineAsync(
            socket =>
            {
                server = socket;
                return EngineApplication.Echo(socket);
            },
            options);
        using RawClient client = await RawClient.ConnectAsync(application.Address.Port, receiveBuffer: 4096, RawClient.Upgrade("/engine.io/?EIO=4&transport=websocket"));
        byte[] message = ClientFrames.Text("4" + new string('x', MessageSize));

        Task sending = Task.Run(async () =>
        {
            try
            {
                for (int i = 0; i < 1000; i++)
                {
                    await client.SendAsync(message);
                }
            }
            catch (System.Net.Sockets.SocketException)
            {
                // It was cut off.
            }
        });

        await Eventually.BeTrueAsync(() =>
        {
            most = Math.Max(most, server?.QueuedFrames ?? 0);
            return application.Server.ConnectionCount == 0;
        });
        await sending;
        most.ShouldBeInRange(1, 8); // Half a MiB, and the message that came then.
    }
}
