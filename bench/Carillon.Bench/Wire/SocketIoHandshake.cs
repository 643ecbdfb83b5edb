using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Carillon.Bench.Wire;

/// <summary>Brings a connection to where the event loop takes over: upgraded, connected to the namespace <c>/</c>, subscribed. Blocking.</summary>
internal static class SocketIoHandshake
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    public static Socket Connect(IPEndPoint server)
    {
        Socket socket = new(server.AddressFamily, SocketType.Stream, ProtocolType.Tcp)
        {
            NoDelay = true,
            ReceiveTimeout = (int)Patience.TotalMilliseconds,
        };
        socket.Connect(server);
        _ = socket.Send(Encoding.ASCII.GetBytes(
            $"GET /socket.io/?EIO=4&transport=websocket HTTP/1.1\r\nHost: {server}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
            + "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"));
        string head = ReadHead(socket);
        if (!head.StartsWith("HTTP/1.1 101 ", StringComparison.Ordinal))
        {
            throw new LoadException($"The upgrade was answered: {head}");
        }
        Expect(socket, "0{");
        _ = socket.Send(WebSocketFrames.Text("40"));
        Expect(socket, "40{");
        return socket;
    }

    public static Socket Subscribe(IPEndPoint server, string topic)
    {
        Socket socket = Connect(server);
        _ = socket.Send(WebSocketFrames.Text($$"""420["subscribe",{"topic":"{{topic}}"}]"""));
        string answer = Expect(socket, "430[");
        return answer.Contains("\"ok\"", StringComparison.Ordinal) ? socket : throw new LoadException($"subscribe was answered: {answer}");
    }

    private static string Expect(Socket socket, string prefix)
    {
        Span<byte> header = stackalloc byte[2];
        ReadExactly(socket, header);
        int length = header[1];
        if (length == 126)
        {
            ReadExactly(socket, header);
            length = BinaryPrimitives.ReadUInt16BigEndian(header);
        }
        byte[] payload = new byte[length];
        ReadExactly(socket, payload);
        string text = Encoding.UTF8.GetString(payload);
        return text.StartsWith(prefix, StringComparison.Ordinal) ? text : throw new LoadException($"Expected a packet {prefix}…, received {text}");
    }

    // Reads byte by byte: what follows the head already belongs to the frames.
    private static string ReadHead(Socket socket)
    {
        List<byte> head = [];
        Span<byte> next = stackalloc byte[1];
        while (head is not [.., (byte)'\r', (byte)'\n', (byte)'\r', (byte)'\n'])
        {
            ReadExactly(socket, next);
            head.Add(next[0]);
        }
        return Encoding.ASCII.GetString([.. head]);
    }

    private static void ReadExactly(Socket socket, Span<byte> buffer)
    {
        while (!buffer.IsEmpty)
        {
            int received = socket.Receive(buffer);
            buffer = received > 0 ? buffer[received..] : throw new LoadException("The server closed the connection during the handshake.");
        }
    }
}
