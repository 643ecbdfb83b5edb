using System.Globalization;
using System.Text;
using Shouldly;
using Xunit;

namespace Carillon.SocketIO.Tests;

public sealed class PythonClientTests
{
    [Theory]
    [InlineData("polling,websocket", "websocket")]
    [InlineData("websocket", "websocket")]
    [InlineData("polling", "polling")]
    public async Task Python_client_exchanges_events_and_acknowledgements(string transports, string expected)
    {
        var left = new TaskCompletionSource<DisconnectReason>(TaskCreationOptions.RunContinuationsAsynchronously);
        string? auth = null;
        await using TestApplication application = await TestApplication.StartAsync(server => server.Of("/").OnConnection(socket =>
        {
            auth = Encoding.UTF8.GetString(socket.Handshake.Auth.Span);
            socket.On("add", static received =>
            {
                received.TryGetArgument(0, out ReadOnlyMemory<byte> a).ShouldBeTrue();
                received.TryGetArgument(1, out ReadOnlyMemory<byte> b).ShouldBeTrue();
                int sum = int.Parse(a.Span, CultureInfo.InvariantCulture) + int.Parse(b.Span, CultureInfo.InvariantCulture);
                received.Acknowledge(Encoding.UTF8.GetBytes(sum.ToString(CultureInfo.InvariantCulture)));
                return ValueTask.CompletedTask;
            });
            socket.On("ask", static received =>
            {
                received.TryGetArgument(0, out ReadOnlyMemory<byte> question);
                received.Socket.Emit("answer", question.Span).ShouldBeTrue();
                return ValueTask.CompletedTask;
            });
            socket.OnDisconnect(reason =>
            {
                left.SetResult(reason);
                return ValueTask.CompletedTask;
            });
            socket.Emit("greeting", "\"hello\""u8);
            return ValueTask.CompletedTask;
        }));

        string output = await ClientProcess.RunPythonAsync("exchange.py", application.Address.ToString(), transports);

        output.ShouldContain($"transport {expected}");
        output.ShouldContain("greeting hello");
        output.ShouldContain("acknowledged 5");
        output.ShouldContain("answer grüße 🎉");
        auth.ShouldNotBeNull().Replace(" ", string.Empty, StringComparison.Ordinal).ShouldBe("""{"token":"abc"}""");
        (await left.Task.WaitAsync(TimeSpan.FromSeconds(10))).Cause.ShouldBeOneOf(DisconnectCause.ClientNamespaceDisconnect, DisconnectCause.TransportClose);
    }
}
