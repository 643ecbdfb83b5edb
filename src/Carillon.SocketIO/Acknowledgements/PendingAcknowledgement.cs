using Carillon.SocketIO.Json;
using Carillon.SocketIO.Packets;

namespace Carillon.SocketIO.Acknowledgements;

/// <summary>The answer of one socket, read as <typeparamref name="T"/>: its first argument.</summary>
internal sealed class PendingAcknowledgement<T>(SocketJson json) : IPendingAcknowledgement
{
    private readonly TaskCompletionSource<T> _answer = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Task<T> Answer => _answer.Task;

    public void OnAnswer(Socket socket, ReadOnlySpan<byte> data, JsonSlice[] arguments, ReadOnlyMemory<byte>[] attachments)
    {
        try
        {
            _answer.TrySetResult(FirstArgument.Read<T>(json, data, arguments, attachments)!);
        }
        catch (Exception error) // Types and converters of the application may throw any.
        {
            _answer.TrySetException(error);
        }
    }

    public void OnLeft(Socket socket, DisconnectReason reason) => _answer.TrySetException(new SocketDisconnectedException(reason));
}
