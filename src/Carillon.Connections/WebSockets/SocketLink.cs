using System.Buffers;
using System.Net.Sockets;
using Carillon.Connections.Upgrades;

namespace Carillon.Connections.WebSockets;

/// <summary>
/// A link that owns its socket, from the first byte of the handshake's answer. A write is one non-blocking send, and another for a large frame at its end; only if the
/// socket takes less than all of it, the rest waits.
/// </summary>
internal sealed class SocketLink : WebSocketLink
{
    private const int SmallestBatch = 4 * 1024;
    private readonly Socket _socket;
    private readonly HeldConnections _held;
    private readonly SocketReader _reader;
    private ReadOnlyMemory<byte> _waiting; // What the next flush sends: one frame's own bytes, or the batch.
    private ReadOnlyMemory<byte> _large;   // And after it, from where it lies: a copy for each of its readers would cost far more than one more call.
    private byte[]? _batch;

    /// <summary>Takes over <paramref name="socket"/>; the first write begins with <paramref name="head"/>.</summary>
    public SocketLink(Socket socket, byte[] head, HeldConnections held)
    {
        _socket = socket;
        _held = held;
        _reader = new SocketReader(socket);
        _waiting = head;
        socket.Blocking = false;
    }

    public override SocketReader Socket => _reader;

    public override bool IsHeld => true;

    public override bool HasHead => !_waiting.IsEmpty;

    /// <summary>Its neighbours among the held connections, which guard them.</summary>
    public SocketLink? Next { get; set; }

    /// <inheritdoc cref="Next"/>
    public SocketLink? Previous { get; set; }

    public override void Begin(WebSocketConnection connection)
    {
        base.Begin(connection);
        _held.Add(this);
    }

    public override void Append(ReadOnlyMemory<byte> bytes)
    {
        if (_waiting.IsEmpty)
        {
            _waiting = bytes; // A frame that goes alone is sent from where it lies, shared by all its readers.
            return;
        }

        if (_large.IsEmpty && bytes.Length > PartSize)
        {
            _large = bytes;
            return;
        }

        if (!_large.IsEmpty)
        {
            Copy(_large); // Seldom: a batch taken from an outbox ends with its first large frame.
            _large = default;
        }

        Copy(bytes);
    }

    private void Copy(ReadOnlyMemory<byte> bytes)
    {
        int length = _waiting.Length + bytes.Length;
        if (_batch is null || _batch.Length < length)
        {
            byte[] larger = ArrayPool<byte>.Shared.Rent(Math.Max(SmallestBatch, Math.Max(length, (_batch?.Length ?? 0) * 2)));
            _waiting.CopyTo(larger);
            ReturnBatch();
            _batch = larger;
        }

        bytes.CopyTo(_batch.AsMemory(_waiting.Length));
        _waiting = _batch.AsMemory(0, length);
    }

    public override ValueTask<bool> FlushAsync()
    {
        bool isSent = TrySend(ref _waiting, out bool isBlocked) && (_large.IsEmpty || TrySend(ref _large, out isBlocked));
        if (isBlocked)
        {
            return SendRestAsync();
        }

        Forget();
        return new ValueTask<bool>(isSent);
    }

    // True if the socket took all; what is left stays, and waits if the socket will take more later.
    private bool TrySend(ref ReadOnlyMemory<byte> bytes, out bool isBlocked)
    {
        int sent = _socket.Send(bytes.Span, SocketFlags.None, out SocketError error);
        bool isSent = sent == bytes.Length;
        isBlocked = !isSent && error is SocketError.Success or SocketError.WouldBlock;
        bytes = bytes[sent..];
        return isSent;
    }

    public override void Abort() => _socket.Close(0);

    public override void Close()
    {
        try
        {
            _socket.Shutdown(SocketShutdown.Both);
        }
        catch (Exception error) when (error is SocketException or ObjectDisposedException)
        {
            // It is broken already.
        }

        _socket.Dispose();
        _reader.Clear();
        Forget();
        _held.Remove(this);
    }

    private async ValueTask<bool> SendRestAsync()
    {
        try
        {
            await SendInPartsAsync(_waiting);
            await SendInPartsAsync(_large);
            return true;
        }
        finally
        {
            Forget();
        }
    }

    private async ValueTask SendInPartsAsync(ReadOnlyMemory<byte> rest)
    {
        for (; !rest.IsEmpty; rest = rest[Math.Min(PartSize, rest.Length)..])
        {
            await _socket.SendAsync(rest[..Math.Min(PartSize, rest.Length)], SocketFlags.None); // It completes when all of them are sent.
            Holder?.OnWriteProgress();
        }
    }

    private void Forget()
    {
        _waiting = default;
        _large = default;
        ReturnBatch();
    }

    private void ReturnBatch()
    {
        if (_batch is not null)
        {
            ArrayPool<byte>.Shared.Return(_batch);
            _batch = null;
        }
    }
}
