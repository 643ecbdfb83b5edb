namespace Carillon.SocketIO;

/// <summary>A socket left, or had left, before it answered.</summary>
public sealed class SocketDisconnectedException : Exception
{
    /// <summary>Creates one without a reason.</summary>
    public SocketDisconnectedException()
        : this("The socket has left.")
    {
    }

    /// <summary>Creates one with a text.</summary>
    public SocketDisconnectedException(string message)
        : base(message)
    {
    }

    /// <summary>Creates one with a text and what caused it.</summary>
    public SocketDisconnectedException(string message, Exception innerException)
        : base(message, innerException)
    {
    }

    /// <summary>Creates one for a socket that left for <paramref name="reason"/>.</summary>
    public SocketDisconnectedException(DisconnectReason reason)
        : base($"The socket left before it answered: {reason}.") => Reason = reason;

    /// <summary>Why it left; null if it had left before.</summary>
    public DisconnectReason? Reason { get; }
}
