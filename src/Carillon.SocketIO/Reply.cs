namespace Carillon.SocketIO;

/// <summary>Acknowledges an event when its typed handler has completed.</summary>
internal static class Reply
{
    public static ValueTask Done(SocketEvent received)
    {
        received.Acknowledge();
        return ValueTask.CompletedTask;
    }

    public static ValueTask With<T>(SocketEvent received, T result)
    {
        received.Acknowledge(result);
        return ValueTask.CompletedTask;
    }

    public static async ValueTask WhenDone(SocketEvent received, Task handled)
    {
        await handled;
        received.Acknowledge();
    }

    public static async ValueTask WhenDone(SocketEvent received, ValueTask handled)
    {
        await handled;
        received.Acknowledge();
    }

    public static async ValueTask With<T>(SocketEvent received, Task<T> handled) => received.Acknowledge(await handled);

    public static async ValueTask With<T>(SocketEvent received, ValueTask<T> handled) => received.Acknowledge(await handled);
}
