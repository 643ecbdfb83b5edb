using System.Text.Json;
using Carillon.SocketIO.Json;

namespace Carillon.SocketIO;

/// <summary>
/// What a client sent is not what the server takes. Its message is told to that client: out of an event's handler as the acknowledgement, where one was asked for; out of a
/// check of those who want to join, or a family's predicate, as the refusal. It is no fault of the server, and not logged as one.
/// </summary>
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

    /// <summary>For what was to be a <typeparamref name="T"/>; <paramref name="error"/> says why it is none, null if it must not be <c>null</c>.</summary>
    internal static SocketArgumentException Of<T>(string what, Exception? error)
    {
        string message = $"{what}{PlaceOf(error)}: expected {ArgumentType.NameOf(typeof(T))}";
        return error is null ? new SocketArgumentException(message) : new SocketArgumentException(message, error);
    }

    /// <summary>Where in a JSON value <paramref name="error"/> was found, with a space in front; empty for the whole of it.</summary>
    internal static string PlaceOf(Exception? error) => error is JsonException { Path: { Length: > 1 } path } ? $" at {path}" : string.Empty;
}
