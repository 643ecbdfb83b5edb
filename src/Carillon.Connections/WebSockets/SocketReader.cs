using System.Buffers;
using System.Net.Sockets;

namespace Carillon.Connections.WebSockets;

/// <summary>Reads from a socket that nobody else reads from. It holds a buffer only while bytes wait in it. Not thread-safe.</summary>
internal sealed class SocketReader(Socket socket)
{
    private const int SmallestBuffer = 4096;
    private byte[]? _buffer;
    private int _start;
    private int _end;

    /// <summary>Whether the peer has sent all it will, or the link is broken.</summary>
    public bool IsCompleted { get; private set; }

    /// <summary>Completes when <see cref="Read"/> will find something new, or the end.</summary>
    public ValueTask<int> WaitAsync() => socket.ReceiveAsync(Memory<byte>.Empty, SocketFlags.None);

    /// <summary>Receives what has come, without waiting, and returns it with what was left before.</summary>
    public ReadOnlySequence<byte> Read()
    {
        MakeRoom();
        int received = socket.Receive(_buffer.AsSpan(_end), SocketFlags.None, out SocketError error);
        _end += received;
        IsCompleted = received == 0 && error != SocketError.WouldBlock;
        return new ReadOnlySequence<byte>(_buffer!, _start, _end - _start);
    }

    /// <summary>Keeps only the last <paramref name="left"/> bytes of what was read.</summary>
    public void Keep(long left)
    {
        _start = _end - (int)left;
        if (left == 0)
        {
            Clear();
        }
    }

    /// <summary>Forgets what was read and returns the buffer.</summary>
    public void Clear()
    {
        if (_buffer is not null)
        {
            ArrayPool<byte>.Shared.Return(_buffer);
            _buffer = null;
        }

        _start = _end = 0;
    }

    private void MakeRoom()
    {
        if (_buffer is null)
        {
            _buffer = ArrayPool<byte>.Shared.Rent(SmallestBuffer);
            return;
        }

        int waiting = _end - _start;
        byte[] target = waiting > _buffer.Length / 2 ? ArrayPool<byte>.Shared.Rent(_buffer.Length * 2) : _buffer;
        _buffer.AsSpan(_start, waiting).CopyTo(target);
        if (target != _buffer)
        {
            ArrayPool<byte>.Shared.Return(_buffer);
        }

        _buffer = target;
        _start = 0;
        _end = waiting;
    }
}
