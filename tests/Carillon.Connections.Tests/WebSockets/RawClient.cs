using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Carillon.Connections.Tests.WebSockets;

/// <summary>A WebSocket client that can break every rule: it writes bytes and reads frames.</summary>
internal sealed class RawClient : IDisposable
{
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(30);
    private readonly Stream _stream;
    private readonly Socket? _socket;

    /// <summary>A client on a stream that the server has accepted already.</summary>
    public RawClient(Stream stream)
    {
        _stream = stream;
    }

    private RawClient(Socket socket)
        : this(new NetworkStream(socket, ownsSocket: true))
    {
        _socket = socket;
    }

    public string Handshake { get; private set; } = string.Empty;

    /// <summary>How many bytes have arrived on the socket and were not read.</summary>
    public int Available => _socket!.Available;

    public static string Upgrade(string path, string more = "") =>
        $"GET {path} HTTP/1.1\r\nHost: localhost\r\nConnection: keep-alive, Upgrade\r\nUpgrade: websocket\r\n"
        + $"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n{more}\r\n";

    public static async Task<RawClient> ConnectAsync(int port, int? receiveBuffer = null, string? request = null)
    {
        RawClient client = await OpenAsync(port, receiveBuffer);
        await client.SendAsync(Encoding.Latin1.GetBytes(request ?? Upgrade("/ws")));
        client.Handshake = await client.ReadHeadAsync();
        return client;
    }

    /// <summary>A connection on which nothing was sent yet.</summary>
    public static async Task<RawClient> OpenAsync(int port, int? receiveBuffer = null)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        if (receiveBuffer is { } size)
        {
            socket.ReceiveBufferSize = size;
        }

        await socket.ConnectAsync(IPAddress.Loopback, port);
        return new RawClient(socket);
    }

    /// <summary>The head of a response, with its empty line.</summary>
    public async Task<string> ReadHeadAsync()
    {
        var head = new StringBuilder();
        while (!head.ToString().EndsWith("\r\n\r\n", StringComparison.Ordinal))
        {
            head.Append((char)(await ReadAsync(1))[0]);
        }

        return head.ToString();
    }

    /// <summary>Sends a request and reads the head of its response, and as much of a body as <c>Content-Length</c> tells.</summary>
    public async Task<(string Head, string Body)> AskAsync(string request)
    {
        await SendAsync(Encoding.Latin1.GetBytes(request));
        string head = await ReadHeadAsync();
        int length = head.Split("\r\n").Select(static line => line.Split(": ")).Where(static field => field[0] == "Content-Length")
            .Select(static field => int.Parse(field[1], System.Globalization.CultureInfo.InvariantCulture)).FirstOrDefault();
        return (head, Encoding.UTF8.GetString(await ReadAsync(length)));
    }

    public async Task SendAsync(params byte[] bytes)
    {
        await _stream.WriteAsync(bytes).AsTask().WaitAsync(Longest);
        await _stream.FlushAsync().WaitAsync(Longest);
    }

    public async Task<byte[]> ReadAsync(int count)
    {
        var bytes = new byte[count];
        int read = 0;
        while (read < count)
        {
            int now = await _stream.ReadAsync(bytes.AsMemory(read)).AsTask().WaitAsync(Longest);
            if (now == 0)
            {
                throw new EndOfStreamException();
            }

            read += now;
        }

        return bytes;
    }

    /// <summary>The next frame: its first byte, which holds the final bit and the opcode, and its payload.</summary>
    public async Task<(int First, byte[] Payload)> ReadFrameAsync()
    {
        byte[] head = await ReadAsync(2);
        int length = head[1];
        if (length == 126)
        {
            length = BinaryPrimitives.ReadUInt16BigEndian(await ReadAsync(2));
        }
        else if (length == 127)
        {
            length = (int)BinaryPrimitives.ReadUInt64BigEndian(await ReadAsync(8));
        }

        return (head[0], await ReadAsync(length));
    }

    public async Task<string> ReadTextAsync()
    {
        (int first, byte[] payload) = await ReadFrameAsync();
        return first == 0x81 ? Encoding.UTF8.GetString(payload) : throw new InvalidOperationException($"Frame {first:x2} instead of text.");
    }

    /// <summary>Reads up to the close frame, which is returned as its code and reason.</summary>
    public async Task<(int Code, string Reason)> ReadCloseAsync()
    {
        while (true)
        {
            (int first, byte[] payload) = await ReadFrameAsync();
            if (first == 0x88)
            {
                return payload.Length == 0 ? (0, string.Empty) : (BinaryPrimitives.ReadUInt16BigEndian(payload), Encoding.UTF8.GetString(payload.AsSpan(2)));
            }
        }
    }

    /// <summary>Waits until the server has ended the connection, however.</summary>
    public async Task WaitForEndAsync()
    {
        try
        {
            var scratch = new byte[65536];
            while (await _stream.ReadAsync(scratch).AsTask().WaitAsync(Longest) > 0)
            {
            }
        }
        catch (Exception error) when (error is IOException or ObjectDisposedException)
        {
            // A reset ends it as well.
        }
    }

    /// <summary>Sends nothing any more. Over HTTP/2, where the client library cannot say that, it resets the stream.</summary>
    public void ShutdownSend()
    {
        if (_socket is null)
        {
            _stream.Dispose();
        }
        else
        {
            _socket.Shutdown(SocketShutdown.Send);
        }
    }

    public void Dispose() => _stream.Dispose();
}
