namespace Carillon.SocketIO;

/// <summary>
/// A client that was asked did not answer in time. Like <see cref="SocketAnswerException"/>, it is no fault of the server: a handler that does not catch it is logged in one
/// line, and who sent the event learns that there is no usable answer. Any other <see cref="TimeoutException"/> of a handler is a fault.
/// </summary>
public sealed class SocketTimeoutException : TimeoutException
{
    /// <summary>Creates one without details.</summary>
    public SocketTimeoutException()
        : this("A socket did not answer in time.")
    {
    }

    /// <summary>Creates one with a text.</summary>
    public SocketTimeoutException(string message)
        : base(message)
    {
    }

    /// <summary>Creates one with a text and what caused it.</summary>
    public SocketTimeoutException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
