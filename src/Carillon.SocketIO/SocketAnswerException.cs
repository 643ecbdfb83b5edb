using Carillon.SocketIO.Acknowledgements;
using Carillon.SocketIO.Json;

namespace Carillon.SocketIO;

/// <summary>
/// A client's acknowledgement is not what the server asked for. It is no fault of the server: a handler that does not catch it is logged in one line, and who sent the
/// event learns that there is no usable answer. Its message is for the log: who answered what, and what was expected.
/// </summary>
public sealed class SocketAnswerException : Exception
{
    /// <summary>Creates one without details.</summary>
    public SocketAnswerException()
        : this("The answer is of another type.")
    {
    }

    /// <summary>Creates one with a text.</summary>
    public SocketAnswerException(string message)
        : base(message)
    {
    }

    /// <summary>Creates one with a text and what caused it.</summary>
    public SocketAnswerException(string message, Exception innerException)
        : base(message, innerException)
    {
    }

    private SocketAnswerException(string message, string socketId, Exception innerException)
        : base(message, innerException) => SocketId = socketId;

    /// <summary>Which socket answered; null if that is not known.</summary>
    public string? SocketId { get; }

    /// <summary>For the argument <paramref name="json"/> at <paramref name="index"/>, which was to be a <typeparamref name="T"/>.</summary>
    internal static SocketAnswerException Of<T>(AnswerSource source, int index, ReadOnlySpan<byte> json, Exception error)
    {
        string which = index == 0 ? string.Empty : $" as argument {index + 1}";
        string problem = $"{ArgumentType.KindOf(json)}{which}; expected{SocketArgumentException.PlaceOf(error)} {ArgumentType.NameOf(typeof(T))}";
        return new SocketAnswerException($"Socket {source.SocketId} answered \"{source.EventName}\" with {problem}.", source.SocketId, error);
    }
}
