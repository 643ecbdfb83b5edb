using System.Buffers.Binary;
using System.Net.Sockets;
using System.Text;
using Shouldly;

namespace Carillon.AspNetCore.Tests.WebSockets;

/// <summary>A WebSocket client byte by byte: it sees pings, answers none by itself, and sends any frame.</summary>
internal sealed class RawSocket : IDisposable
{
    public const int Text = 1;
    public const int Close = 8;
    public const int Ping = 9;
    public const int Pong = 10;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private readonly TcpClient _tcp = new() { NoDelay = true };

    private RawSocket()
    {
    }

    public static async Task<RawSocket> ConnectAsync(Uri address)
    {
        var socket = new RawSocket();
        await socket._tcp.ConnectAsync(address.Host, address.Port);
        await socket.WriteAsync(Encoding.ASCII.GetBytes(
            $"GET {address.AbsolutePath} HTTP/1.1\r\nHost: {address.Authority}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
            + "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"));
        var head = new StringBuilder();
        while (!head.ToString().EndsWith("\r\n\r\n", StringComparison.Ordinal))
        {
            head.Append((char)(await socket.ReadAsync(1))[0]);
        }

        head.ToString().ShouldStartWith("HTTP/1.1 101");
        return socket;
    }

    /// <summary>Sends a frame of at most 125 bytes, masked with zeros.</summary>
    public Task SendAsync(int opcode, string text = "")
    {
        byte[] payload = Encoding.UTF8.GetBytes(text);
        return WriteAsync([(byte)(0x80 | opcode), (byte)(0x80 | payload.Length), 0, 0, 0, 0, .. payload]);
    }

    /// <summary>The next frame, whole and of less than 64 KiB.</summary>
    public async Task<(int Opcode, byte[] Payload)> NextAsync()
    {
        byte[] head = await ReadAsync(2);
        int length = head[1] == 126 ? BinaryPrimitives.ReadUInt16BigEndian(await ReadAsync(2)) : head[1];
        return (head[0] & 0x0F, await ReadAsync(length));
    }

    public void Dispose() => _tcp.Dispose();

    private async Task WriteAsync(byte[] bytes) => await _tcp.GetStream().WriteAsync(bytes);

    private async Task<byte[]> ReadAsync(int count)
    {
        byte[] bytes = new byte[count];
        await _tcp.GetStream().ReadExactlyAsync(bytes).AsTask().WaitAsync(Patience);
        return bytes;
    }
}
