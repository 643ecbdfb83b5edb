namespace Carillon.SocketIO.Recovery;

/// <summary>A socket that can be taken up again once it has left and its session was kept.</summary>
internal sealed class ConnectedSocket(Socket socket)
{
    private readonly TaskCompletionSource _left = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Socket Socket => socket;

    /// <summary>Completes when its session was kept, or will not be.</summary>
    public Task Left => _left.Task;

    public void SetLeft() => _left.TrySetResult();
}
