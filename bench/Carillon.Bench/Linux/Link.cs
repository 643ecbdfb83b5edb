using System.ComponentModel;
using System.Net;
using System.Net.Sockets;

namespace Carillon.Bench.Linux;

/// <summary>One connected socket of the load generator; what a protocol adds is how to cut the received bytes.</summary>
internal abstract class Link(Socket socket) : IDisposable
{
    private byte[] _carry = [];
    private int _carried;

    public int Descriptor { get; } = (int)socket.Handle;

    /// <summary>The client's own port.</summary>
    public int Port => ((IPEndPoint)socket.LocalEndPoint!).Port;

    /// <summary>Whether it has come to where the load begins.</summary>
    public virtual bool IsOpen => true;

    /// <summary>Takes the whole frames at the start of <paramref name="bytes"/>.</summary>
    /// <param name="bytes">What was received and not yet consumed.</param>
    /// <param name="now">When it was received, in <see cref="System.Diagnostics.Stopwatch"/> ticks.</param>
    /// <returns>The number of bytes taken; the rest is given again with the next bytes.</returns>
    public abstract int Consume(ReadOnlySpan<byte> bytes, long now);

    public int CopyCarry(Span<byte> buffer)
    {
        _carry.AsSpan(0, _carried).CopyTo(buffer);
        return _carried;
    }

    public void Carry(ReadOnlySpan<byte> rest)
    {
        if (_carry.Length < rest.Length)
        {
            _carry = new byte[rest.Length * 2];
        }
        rest.CopyTo(_carry);
        _carried = rest.Length;
    }

    /// <summary>Sends all bytes in one call. The generator keeps few bytes under way, so a short write means a server that stopped reading.</summary>
    public unsafe void Send(ReadOnlySpan<byte> bytes)
    {
        fixed (byte* start = bytes)
        {
            nint sent = Libc.Send(Descriptor, start, bytes.Length, Libc.DontWait | Libc.NoSignal);
            if (sent != bytes.Length)
            {
                throw sent < 0 ? new Win32Exception() : new LoadException($"{this}: the server does not read.");
            }
        }
    }

    public void Dispose() => socket.Dispose();

    /// <summary>Connects; on the loopback this does not wait, as long as the server has room for one more to accept.</summary>
    protected static Socket Connect(IPEndPoint server)
    {
        Socket socket = new(server.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        socket.Connect(server);
        return socket;
    }
}
