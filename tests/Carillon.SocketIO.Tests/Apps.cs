namespace Carillon.SocketIO.Tests;

/// <summary>Small servers that several tests use.</summary>
internal static class Apps
{
    /// <summary>Sends each <c>message</c> back as <c>message-back</c>, acknowledges each <c>ack</c> with its arguments, and leaves on <c>leave</c>.</summary>
    public static void Echo(SocketIOServer server)
    {
        Echo(server.Of("/"));
        Echo(server.Of("/custom"));
    }

    private static void Echo(SocketNamespace target) => target.OnConnection(static socket =>
    {
        socket.On("message", static received =>
        {
            received.Socket.Emit("message-back", Arguments(received));
            return ValueTask.CompletedTask;
        });
        socket.On("ack", static received =>
        {
            received.Acknowledge(Arguments(received));
            return ValueTask.CompletedTask;
        });
        socket.On("leave", static received =>
        {
            received.Socket.Disconnect("asked for it");
            return ValueTask.CompletedTask;
        });
        return ValueTask.CompletedTask;
    });

    private static byte[] Arguments(SocketEvent received)
    {
        var arguments = new List<byte>();
        for (int i = 0; received.TryGetArgument(i, out ReadOnlyMemory<byte> json); i++)
        {
            if (i > 0)
            {
                arguments.Add((byte)',');
            }

            arguments.AddRange(json.Span);
        }

        return [.. arguments];
    }
}
