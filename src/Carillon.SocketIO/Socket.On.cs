using System.Runtime.CompilerServices;

namespace Carillon.SocketIO;

// One overload for each number of arguments and kind of result, so that lambdas need no casts. Where an async lambda fits several, the one with Task wins.
public sealed partial class Socket
{
    /// <summary>
    /// Sets what is done with events of this name; others are ignored. A later call with the same name replaces it. The event's arguments become the handler's
    /// parameters by <see cref="SocketIOOptions.Json"/>; binary data is <c>ReadOnlyMemory&lt;byte&gt;</c> or <c>byte[]</c>, any JSON
    /// <see cref="System.Text.Json.JsonElement"/>. A missing argument counts as <c>null</c>, one too many is ignored. A <see cref="SocketEvent"/> parameter gets the event itself, a
    /// <see cref="CancellationToken"/> one that is cancelled when the connection has ended. When the handler has completed, the event is acknowledged where the
    /// client asked for that: with the handler's result, or with nothing. Arguments of other types are acknowledged with <c>{"error":…}</c> and the handler does
    /// not run; <c>null</c> is of another type where the parameter is not declared nullable, as far as the application keeps
    /// (<c>NullabilityInfoContextSupport</c>) or ever knew that. A <see cref="SocketArgumentException"/> of the handler is acknowledged with its message, any other
    /// exception is logged and acknowledged with <c>{"error":"internal error"}</c>.
    /// </summary>
    /// <exception cref="NotSupportedException"><see cref="SocketIOOptions.Json"/> knows no way to serialize a parameter's type, or the result's; the message says what to add.</exception>
    public void On(string eventName, Action handler) => OnTyped(eventName, handler, received => { handler(); return Reply.Done(received); });

    /// <inheritdoc cref="On(string, Action)"/>
    [OverloadResolutionPriority(1)]
    public void On(string eventName, Func<Task> handler) => OnTyped(eventName, handler, received => Reply.WhenDone(received, handler()));

    /// <inheritdoc cref="On(string, Action)"/>
    public void On(string eventName, Func<ValueTask> handler) => OnTyped(eventName, handler, received => Reply.WhenDone(received, handler()));

    /// <inheritdoc cref="On(string, Action)"/>
    public void On<TResult>(string eventName, Func<TResult> handler) => OnTyped<TResult>(eventName, handler, received => Reply.With(received, handler()));

    /// <inheritdoc cref="On(string, Action)"/>
    [OverloadResolutionPriority(1)]
    public void On<TResult>(string eventName, Func<Task<TResult>> handler) => OnTyped<TResult>(eventName, handler, received => Reply.With(received, handler()));

    /// <inheritdoc cref="On(string, Action)"/>
    public void On<TResult>(string eventName, Func<ValueTask<TResult>> handler) => OnTyped<TResult>(eventName, handler, received => Reply.With(received, handler()));

    /// <inheritdoc cref="On(string, Action)"/>
    public void On<T1>(string eventName, Action<T1> handler) => OnTyped<T1>(eventName, handler, received => { handler(received.Next<T1>(handler)); return Reply.Done(received); });

    /// <inheritdoc cref="On(string, Action)"/>
    [OverloadResolutionPriority(1)]
    public void On<T1>(string eventName, Func<T1, Task> handler) => OnTyped<T1>(eventName, handler, received => Reply.WhenDone(received, handler(received.Next<T1>(handler))));

    /// <inheritdoc cref="On(string, Action)"/>
    public void On<T1>(string eventName, Func<T1, ValueTask> handler) => OnTyped<T1>(eventName, handler, received => Reply.WhenDone(received, handler(received.Next<T1>(handler))));

    /// <inheritdoc cref="On(string, Action)"/>
    public void On<T1, TResult>(string eventName, Func<T1, TResult> handler) => OnTyped<T1, TResult>(eventName, handler, received => Reply.With(received, handler(received.Next<T1>(handler))));

    /// <inheritdoc cref="On(string, Action)"/>
    [OverloadResolutionPriority(1)]
    public void On<T1, TResult>(string eventName, Func<T1, Task<TResult>> handler) => OnTyped<T1, TResult>(eventName, handler, received => Reply.With(received, handler(received.Next<T1>(handler))));

    /// <inheritdoc cref="On(string, Action)"/>
    public void On<T1, TResult>(string eventName, Func<T1, ValueTask<TResult>> handler) => OnTyped<T1, TResult>(eventName, handler, received => Reply.With(received, handler(received.Next<T1>(handler))));

    /// <inheritdoc cref="On(string, Action)"/>
    public void On<T1, T2>(string eventName, Action<T1, T2> handler) => OnTyped<T1, T2>(eventName, handler, received => { handler(received.Next<T1>(handler), received.Next<T2>(handler)); return Reply.Done(received); });

    /// <inheritdoc cref="On(string, Action)"/>
    [OverloadResolutionPriority(1)]
    public void On<T1, T2>(string eventName, Func<T1, T2, Task> handler) => OnTyped<T1, T2>(eventName, handler, received => Reply.WhenDone(received, handler(received.Next<T1>(handler), received.Next<T2>(handler))));

    /// <inheritdoc cref="On(string, Action)"/>
    public void On<T1, T2>(string eventName, Func<T1, T2, ValueTask> handler) => OnTyped<T1, T2>(eventName, handler, received => Reply.WhenDone(received, handler(received.Next<T1>(handler), received.Next<T2>(handler))));

    /// <inheritdoc cref="On(string, Action)"/>
    public void On<T1, T2, TResult>(string eventName, Func<T1, T2, TResult> handler) => OnTyped<T1, T2, TResult>(eventName, handler, received => Reply.With(received, handler(received.Next<T1>(handler), received.Next<T2>(handler))));

    /// <inheritdoc cref="On(string, Action)"/>
    [OverloadResolutionPriority(1)]
    public void On<T1, T2, TResult>(string eventName, Func<T1, T2, Task<TResult>> handler) => OnTyped<T1, T2, TResult>(eventName, handler, received => Reply.With(received, handler(received.Next<T1>(handler), received.Next<T2>(handler))));

    /// <inheritdoc cref="On(string, Action)"/>
    public void On<T1, T2, TResult>(string eventName, Func<T1, T2, ValueTask<TResult>> handler) => OnTyped<T1, T2, TResult>(eventName, handler, received => Reply.With(received, handler(received.Next<T1>(handler), received.Next<T2>(handler))));

    /// <inheritdoc cref="On(string, Action)"/>
    public void On<T1, T2, T3>(string eventName, Action<T1, T2, T3> handler) => OnTyped<T1, T2, T3>(eventName, handler, received => { handler(received.Next<T1>(handler), received.Next<T2>(handler), received.Next<T3>(handler)); return Reply.Done(received); });

    /// <inheritdoc cref="On(string, Action)"/>
    [OverloadResolutionPriority(1)]
    public void On<T1, T2, T3>(string eventName, Func<T1, T2, T3, Task> handler) => OnTyped<T1, T2, T3>(eventName, handler, received => Reply.WhenDone(received, handler(received.Next<T1>(handler), received.Next<T2>(handler), received.Next<T3>(handler))));

    /// <inheritdoc cref="On(string, Action)"/>
    public void On<T1, T2, T3>(string eventName, Func<T1, T2, T3, ValueTask> handler) => OnTyped<T1, T2, T3>(eventName, handler, received => Reply.WhenDone(received, handler(received.Next<T1>(handler), received.Next<T2>(handler), received.Next<T3>(handler))));

    /// <inheritdoc cref="On(string, Action)"/>
    public void On<T1, T2, T3, TResult>(string eventName, Func<T1, T2, T3, TResult> handler) => OnTyped<T1, T2, T3, TResult>(eventName, handler, received => Reply.With(received, handler(received.Next<T1>(handler), received.Next<T2>(handler), received.Next<T3>(handler))));

    /// <inheritdoc cref="On(string, Action)"/>
    [OverloadResolutionPriority(1)]
    public void On<T1, T2, T3, TResult>(string eventName, Func<T1, T2, T3, Task<TResult>> handler) => OnTyped<T1, T2, T3, TResult>(eventName, handler, received => Reply.With(received, handler(received.Next<T1>(handler), received.Next<T2>(handler), received.Next<T3>(handler))));

    /// <inheritdoc cref="On(string, Action)"/>
    public void On<T1, T2, T3, TResult>(string eventName, Func<T1, T2, T3, ValueTask<TResult>> handler) => OnTyped<T1, T2, T3, TResult>(eventName, handler, received => Reply.With(received, handler(received.Next<T1>(handler), received.Next<T2>(handler), received.Next<T3>(handler))));

    /// <inheritdoc cref="On(string, Action)"/>
    public void On<T1, T2, T3, T4>(string eventName, Action<T1, T2, T3, T4> handler) => OnTyped<T1, T2, T3, T4>(eventName, handler, received => { handler(received.Next<T1>(handler), received.Next<T2>(handler), received.Next<T3>(handler), received.Next<T4>(handler)); return Reply.Done(received); });

    /// <inheritdoc cref="On(string, Action)"/>
    [OverloadResolutionPriority(1)]
    public void On<T1, T2, T3, T4>(string eventName, Func<T1, T2, T3, T4, Task> handler) => OnTyped<T1, T2, T3, T4>(eventName, handler, received => Reply.WhenDone(received, handler(received.Next<T1>(handler), received.Next<T2>(handler), received.Next<T3>(handler), received.Next<T4>(handler))));

    /// <inheritdoc cref="On(string, Action)"/>
    public void On<T1, T2, T3, T4>(string eventName, Func<T1, T2, T3, T4, ValueTask> handler) => OnTyped<T1, T2, T3, T4>(eventName, handler, received => Reply.WhenDone(received, handler(received.Next<T1>(handler), received.Next<T2>(handler), received.Next<T3>(handler), received.Next<T4>(handler))));

    /// <inheritdoc cref="On(string, Action)"/>
    public void On<T1, T2, T3, T4, TResult>(string eventName, Func<T1, T2, T3, T4, TResult> handler) => OnTyped<T1, T2, T3, T4, TResult>(eventName, handler, received => Reply.With(received, handler(received.Next<T1>(handler), received.Next<T2>(handler), received.Next<T3>(handler), received.Next<T4>(handler))));

    /// <inheritdoc cref="On(string, Action)"/>
    [OverloadResolutionPriority(1)]
    public void On<T1, T2, T3, T4, TResult>(string eventName, Func<T1, T2, T3, T4, Task<TResult>> handler) => OnTyped<T1, T2, T3, T4, TResult>(eventName, handler, received => Reply.With(received, handler(received.Next<T1>(handler), received.Next<T2>(handler), received.Next<T3>(handler), received.Next<T4>(handler))));

    /// <inheritdoc cref="On(string, Action)"/>
    public void On<T1, T2, T3, T4, TResult>(string eventName, Func<T1, T2, T3, T4, ValueTask<TResult>> handler) => OnTyped<T1, T2, T3, T4, TResult>(eventName, handler, received => Reply.With(received, handler(received.Next<T1>(handler), received.Next<T2>(handler), received.Next<T3>(handler), received.Next<T4>(handler))));
}
