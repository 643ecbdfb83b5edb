using System.Buffers.Text;
using System.Runtime.InteropServices;
using Carillon.Connections;
using Carillon.SocketIO.Packets;
using Carillon.SocketIO.Rooms;

namespace Carillon.SocketIO.Recovery;

/// <summary>
/// Connection state recovery of one namespace. It numbers what is sent, so that all sockets get events in the order of their offsets, keeps it, and lets a client that
/// comes back take up its session with no gap and no duplicate. Thread-safe.
/// </summary>
internal sealed partial class NamespaceRecovery
{
    private const int LongestOffset = 20;

    private readonly Lock _gate = new(); // Guards _last, sockets' places in the numbering, and the order of sending: what has a smaller offset is queued first. Sending only enqueues.
    private readonly SocketNamespace _namespace;
    private readonly IRecoveryStore _store;
    private long _last;

    public NamespaceRecovery(SocketNamespace target, ConnectionStateRecoveryOptions options, RecoveryMemory memory)
    {
        _namespace = target;
        SkipsMiddlewares = options.SkipMiddlewares;
        _store = options.CreateStore?.Invoke(target.Name) ?? new MemoryRecoveryStore(memory);
        _last = _store.LastOffset;
    }

    public bool SkipsMiddlewares { get; }

    /// <summary>Sends an event with its offset. Volatile ones are numbered as well, as clients take an event's last text for its offset, but not kept.</summary>
    public void Send(in Audience audience, EmitFlags flags, in Payload payload)
    {
        // Encoded before the others have to wait, with an offset that is nearly always as long as the one it gets in the end.
        Span<byte> text = stackalloc byte[LongestOffset];
        Utf8Formatter.TryFormat(Volatile.Read(ref _last) + 1, text, out int expected);
        Frame[] frames = Encode(payload, flags, text[..expected]);
        lock (_gate)
        {
            Utf8Formatter.TryFormat(++_last, text, out int length);
            if (length == expected)
            {
                SetOffset(frames[0], text[..length]);
            }
            else
            {
                frames = Encode(payload, flags, text[..length]);
            }

            if (!flags.IsVolatile)
            {
                _store.Append(new RecoverableEvent(_last, frames, audience.Rooms, audience.Except));
            }

            var visitor = new RecoveryVisitor(frames, flags.IsVolatile, _last);
            _namespace.Index.Visit(audience, ref visitor);
        }
    }

    /// <summary>The namespace is gone: nobody comes back to it. Never fails: the application's store may.</summary>
    public async Task EndAsync()
    {
        try
        {
            if (_store is IAsyncDisposable asynchronous)
            {
                await asynchronous.DisposeAsync();
            }
            else
            {
                (_store as IDisposable)?.Dispose();
            }
        }
        catch (Exception error)
        {
            _namespace.Server.LogHandlerFault(error, "recovery store", _namespace.Name);
        }
    }

    private Frame[] Encode(in Payload payload, EmitFlags flags, ReadOnlySpan<byte> offset) =>
        PacketWriter.Event(_namespace.Prefix, payload, PacketHeader.NoId, offset, !flags.IsUncompressed);

    // The frame ends with the offset and "]. Nobody else has seen it yet, so that its bytes may still change.
    private static void SetOffset(Frame frame, ReadOnlySpan<byte> offset)
    {
        Span<byte> bytes = MemoryMarshal.AsMemory(frame.WebSocketBytes).Span;
        offset.CopyTo(bytes[^(offset.Length + 2)..]);
    }
}
