using System.Collections.Concurrent;
using Carillon.SocketIO.EngineIO;
using Shouldly;
using Xunit;

namespace Carillon.SocketIO.Tests.EngineIO;

public class OfficialEngineClientTests : HostedTests
{
    [Theory]
    [InlineData("polling", "polling")]
    [InlineData("websocket", "websocket")]
    [InlineData("polling,websocket", "websocket")]
    public async Task Stock_client_sends_and_receives_text_and_bytes_and_comes_back_after_a_close(string transports, string transport)
    {
        var reasons = new ConcurrentQueue<DisconnectReason>();
        var options = new EngineIOOptions { PingInterval = TimeSpan.FromMilliseconds(300), PingTimeout = TimeSpan.FromSeconds(10) };
        await using EngineApplication application = await StartEngineAsync(
            socket =>
            {
                socket.OnMessage(message =>
                {
                    if (!message.IsBinary && message.Data.Span.SequenceEqual("close me"u8))
                    {
                        socket.Close("asked for it");
                    }
                    else
                    {
                        _ = message.IsBinary ? socket.SendBinary(message.Data.Span) : socket.SendText(message.Data.Span);
                    }

                    return ValueTask.CompletedTask;
                });
                socket.OnClose(reason =>
                {
                    reasons.Enqueue(reason);
                    return ValueTask.CompletedTask;
                });
                return ValueTask.CompletedTask;
            },
            options);

        string output = await ClientProcess.RunAsync("node", "engine", null, application.Address.ToString(), transports);

        output.Split('\n', StringSplitOptions.RemoveEmptyEntries).ShouldBe(
        [
            $"open {transport}",
            "text true",
            "binary true",
            "long text true",
            "long binary true",
            "ordered true",
            "after pings true",
            "closed transport close",
            $"open {transport}",
            "reopened true",
            "closed forced close",
        ]);
        await Eventually.BeTrueAsync(() => reasons.Count == 2);
        reasons.Select(static reason => reason.Cause).ShouldBe([DisconnectCause.ForcedClose, DisconnectCause.TransportClose]);
    }
}
