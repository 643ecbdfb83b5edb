namespace Carillon.SocketIO;

/// <summary>Handlers of the application that return nothing, as those that return a task.</summary>
internal static class SynchronousHandler
{
    public static Func<T, ValueTask> Adapt<T>(Action<T> handler)
    {
        ArgumentNullException.ThrowIfNull(handler);
        return argument =>
        {
            handler(argument);
            return ValueTask.CompletedTask;
        };
    }
}
