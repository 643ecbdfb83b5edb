using System.IO.Pipelines;

namespace Carillon.Connections.WebSockets;

/// <summary>The bytes' way to and from a peer after an upgrade. One reader and one writer at a time.</summary>
internal abstract class WebSocketLink
{
    /// <summary>
    /// What waits for the network goes in parts of so many bytes, and <see cref="WebSocketConnection.OnWriteProgress"/> is told of each: a write may take long where its peer
    /// reads all the time.
    /// </summary>
    protected const int PartSize = 64 * 1024;

    /// <summary>What the peer sends, where it comes through a pipe.</summary>
    public virtual PipeReader? Input => null;

    /// <summary>The socket that the peer's bytes are read from, where they do not come through a pipe.</summary>
    public virtual SocketReader? Socket => null;

    /// <summary>Whether the connection lives on when its request has ended.</summary>
    public virtual bool IsHeld => false;

    /// <summary>Whether the answer to the handshake waits to be sent.</summary>
    public virtual bool HasHead => false;

    /// <summary>Whether it is known to be broken, although nobody reads or writes; thread-safe.</summary>
    public virtual bool IsLost => false;

    /// <summary>Adds to the write that the next <see cref="FlushAsync"/> makes; the bytes stay as they are until that has completed.</summary>
    public abstract void Append(ReadOnlyMemory<byte> bytes);

    /// <summary>Writes what was added. False if nobody will read it.</summary>
    public abstract ValueTask<bool> FlushAsync();

    /// <summary>The connection that runs on it, once it does.</summary>
    public WebSocketConnection? Holder { get; private set; }

    /// <summary>The connection begins to run on it.</summary>
    public virtual void Begin(WebSocketConnection connection) => Holder = connection;

    /// <summary>Breaks the link at once; thread-safe.</summary>
    public abstract void Abort();

    /// <summary>Ends the link when nothing is read or written any more.</summary>
    public virtual void Close()
    {
    }
}
