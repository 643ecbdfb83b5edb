namespace Carillon.SocketIO;

/// <summary>A client's argument does not fit what the handler takes. Its message is told to the client that asked for an acknowledgement.</summary>
public sealed class SocketArgumentException : Exception
{
    /// <summary>Creates one without details.</summary>
    public SocketArgumentException()
        : this("an argument is wrong")
    {
    }

    /// <summary>Creates one with a text for the client: which argument, and what was expected.</summary>
    public SocketArgumentException(string message)
        : base(message)
    {
    }

    /// <summary>Creates one with a text for the client and what caused it.</summary>
    public SocketArgumentException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
