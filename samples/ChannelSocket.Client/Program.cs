using System.Net.WebSockets;
using System.Text;

// Prints each object of a channel until Ctrl+C or until the server closes.
var address = new Uri(args.Length > 0 ? args[0] : "ws://localhost:5020/ws/online/lobby");
using var stop = new CancellationTokenSource();
Console.CancelKeyPress += (_, pressed) =>
{
    pressed.Cancel = true;
    stop.Cancel();
};

using var socket = new ClientWebSocket();
try
{
    await socket.ConnectAsync(address, stop.Token);
    byte[] buffer = new byte[64 * 1024];
    while (true)
    {
        int length = 0;
        ValueWebSocketReceiveResult part;
        do
        {
            part = await socket.ReceiveAsync(buffer.AsMemory(length), stop.Token);
            length += part.Count;
        }
        while (!part.EndOfMessage && length < buffer.Length);

        if (part.MessageType == WebSocketMessageType.Close)
        {
            Console.WriteLine($"Closed: {socket.CloseStatus} {socket.CloseStatusDescription}");
            break;
        }

        Console.WriteLine(Encoding.UTF8.GetString(buffer, 0, length));
    }
}
catch (OperationCanceledException)
{
    // Ctrl+C: the connection ends with the process.
}
catch (WebSocketException error)
{
    await Console.Error.WriteLineAsync($"{address}: {error.Message}");
    return 1;
}

return 0;
