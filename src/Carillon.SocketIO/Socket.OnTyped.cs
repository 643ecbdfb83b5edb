namespace Carillon.SocketIO;

// What is wrong with a typed handler's types is found when it is set, not when the first event comes.
public sealed partial class Socket
{
    private void OnTyped(string eventName, Delegate handler, Func<SocketEvent, ValueTask> invoke)
    {
        ArgumentNullException.ThrowIfNull(handler);
        On(eventName, invoke);
    }

    private void OnTyped<T1>(string eventName, Delegate handler, Func<SocketEvent, ValueTask> invoke)
    {
        Require<T1>(eventName);
        OnTyped(eventName, handler, invoke);
    }

    private void OnTyped<T1, T2>(string eventName, Delegate handler, Func<SocketEvent, ValueTask> invoke)
    {
        Require<T2>(eventName);
        OnTyped<T1>(eventName, handler, invoke);
    }

    private void OnTyped<T1, T2, T3>(string eventName, Delegate handler, Func<SocketEvent, ValueTask> invoke)
    {
        Require<T3>(eventName);
        OnTyped<T1, T2>(eventName, handler, invoke);
    }

    private void OnTyped<T1, T2, T3, T4>(string eventName, Delegate handler, Func<SocketEvent, ValueTask> invoke)
    {
        Require<T4>(eventName);
        OnTyped<T1, T2, T3>(eventName, handler, invoke);
    }

    private void OnTyped<T1, T2, T3, T4, T5>(string eventName, Delegate handler, Func<SocketEvent, ValueTask> invoke)
    {
        Require<T5>(eventName);
        OnTyped<T1, T2, T3, T4>(eventName, handler, invoke);
    }

    private void Require<T>(string eventName)
    {
        if (typeof(T) != typeof(SocketEvent) && typeof(T) != typeof(CancellationToken))
        {
            Json.Require<T>("handler of", eventName);
        }
    }
}
