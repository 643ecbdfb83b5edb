using System.Runtime.CompilerServices;
using Carillon.SocketIO.Packets;
using Atomic = System.Threading.Volatile;

namespace Carillon.SocketIO;

public sealed partial class Socket
{
    private (EventName Name, Func<SocketEvent, ValueTask> Handler)[] _handlers = [];
    private Func<SocketEvent, Func<ValueTask>, ValueTask>[] _middleware = [];
    private Func<DisconnectReason, ValueTask>? _disconnectHandler;

    /// <summary>
    /// Sets what is done with events of this name, with the event as it came; others are ignored. A later call with the same name replaces it. A handler that takes the
    /// event alone comes here, asynchronous lambdas included, and must acknowledge by itself, now or later: without that, who asked waits in vain. One that takes the event
    /// and something else, a <see cref="CancellationToken"/> will do, is typed and acknowledges when it completes. An exception is logged, and acknowledged with <c>{"error":"internal error"}</c> where that is still due; a
    /// <see cref="SocketArgumentException"/> with its message, and one for the answer of a client that was asked without a stack in the log, and with a text that says so.
    /// Reserved names (see <see cref="SocketEmitter"/>) never come as events: they throw an <see cref="ArgumentException"/>.
    /// </summary>
    [OverloadResolutionPriority(2)]
    public void On(string eventName, Func<SocketEvent, ValueTask> handler)
    {
        ArgumentNullException.ThrowIfNull(handler);
        PacketData.RefuseReserved(eventName);
        EventName name = EventName.Of(eventName);
        lock (_gate)
        {
            _handlers = [.. _handlers.Where(pair => pair.Name.Text != eventName), (name, handler)];
        }
    }

    /// <summary>Ignores events of this name from now on.</summary>
    public void Off(string eventName)
    {
        lock (_gate)
        {
            _handlers = [.. _handlers.Where(pair => pair.Name.Text != eventName)];
        }
    }

    /// <summary>
    /// Adds a step before this socket's handlers, also for events that nobody handles, run in the order of the calls. It goes on by calling the function it is
    /// given, and ends the event by not calling it; it may acknowledge. An exception is logged and answered like a handler's.
    /// </summary>
    public void Use(Func<SocketEvent, Func<ValueTask>, ValueTask> middleware)
    {
        ArgumentNullException.ThrowIfNull(middleware);
        lock (_gate)
        {
            _middleware = [.. _middleware, middleware];
        }
    }

    /// <summary>
    /// Sets what is done when the socket has left: once, after every packet that came before, and after the connection handler. A later call replaces it.
    /// </summary>
    public void OnDisconnect(Func<DisconnectReason, ValueTask> handler)
    {
        ArgumentNullException.ThrowIfNull(handler);
        Atomic.Write(ref _disconnectHandler, handler);
    }

    /// <summary>Sets what is done when the socket has left; see <see cref="OnDisconnect(Func{DisconnectReason, ValueTask})"/>.</summary>
    public void OnDisconnect(Action<DisconnectReason> handler) => OnDisconnect(SynchronousHandler.Adapt(handler));

    private ValueTask InvokeEvent(SocketEvent received)
    {
        Func<SocketEvent, Func<ValueTask>, ValueTask>[] middleware = Atomic.Read(ref _middleware);
        Func<SocketEvent, ValueTask>? handler = FindHandler(received, nameIsWanted: middleware.Length > 0);
        return middleware.Length == 0 ? handler?.Invoke(received) ?? ValueTask.CompletedTask : InvokeStep(received, middleware, 0, handler);
    }

    private static ValueTask InvokeStep(
        SocketEvent received, Func<SocketEvent, Func<ValueTask>, ValueTask>[] middleware, int step, Func<SocketEvent, ValueTask>? handler) =>
        step == middleware.Length
            ? handler?.Invoke(received) ?? ValueTask.CompletedTask
            : middleware[step](received, () => InvokeStep(received, middleware, step + 1, handler));

    private Func<SocketEvent, ValueTask>? FindHandler(SocketEvent received, bool nameIsWanted)
    {
        ReadOnlySpan<byte> element = received.NameElement;
        ReadOnlySpan<byte> plain = element is [(byte)'"', .., (byte)'"'] ? element[1..^1] : element;
        string? decoded = plain.Contains((byte)'\\') ? PacketData.DecodeName(element) : null;
        foreach ((EventName name, Func<SocketEvent, ValueTask> handler) in Atomic.Read(ref _handlers))
        {
            if (decoded is null ? plain.SequenceEqual(name.Utf8) : decoded == name.Text)
            {
                received.Name = name.Text;
                return handler;
            }
        }

        if (nameIsWanted)
        {
            received.Name = decoded ?? System.Text.Encoding.UTF8.GetString(plain);
        }

        return null;
    }
}
