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
        socket.On("message", received => received.Socket.EmitJsonAsync("message-back", received.ArgumentsJson.Span, [.. received.Attachments]));
        socket.On("ack", received =>
        {
            received.AcknowledgeJson(received.ArgumentsJson.Span, [.. received.Attachments]);
            return ValueTask.CompletedTask;
        });
        socket.On("leave", () => socket.Disconnect("asked for it"));
    });
}
