using Carillon.SocketIO.Json;

namespace Carillon.SocketIO;

public sealed partial class SocketEvent
{
    private int _next;

    /// <summary>
    /// The argument at <paramref name="index"/>; one that is missing counts as <c>null</c>. What is read stays valid.
    /// </summary>
    /// <exception cref="SocketArgumentException">It is no <typeparamref name="T"/>. Thrown out of a handler, it becomes the event's acknowledgement.</exception>
    public T GetArgument<T>(int index)
    {
        ReadOnlySpan<byte> json = TryGetJson(index, out ReadOnlyMemory<byte> found) ? found.Span : "null"u8;
        try
        {
            return Socket.Json.Read<T>(json, _attachments)!;
        }
        catch (Exception error) when (SocketJson.IsMismatch(error))
        {
            throw SocketArgumentException.Of<T>($"argument {index + 1}", error);
        }
    }

    /// <summary>The next argument of <paramref name="handler"/>, a typed one; the event itself and a token take none.</summary>
    internal T Next<T>(Delegate handler)
    {
        if (typeof(T) == typeof(SocketEvent))
        {
            return (T)(object)this;
        }

        if (typeof(T) == typeof(CancellationToken))
        {
            return (T)(object)Socket.ConnectionClosed;
        }

        int index = _next++;
        T argument = GetArgument<T>(index);
        return !typeof(T).IsValueType && argument is null && HandlerParameters.RefuseNull(handler, index)
            ? throw SocketArgumentException.Of<T>($"argument {index + 1}", null)
            : argument;
    }
}
