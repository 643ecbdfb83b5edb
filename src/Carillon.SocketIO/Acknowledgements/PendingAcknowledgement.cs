using Carillon.SocketIO.Packets;

namespace Carillon.SocketIO.Acknowledgements;

/// <summary>The answer of one socket.</summary>
internal sealed class PendingAcknowledgement<T>(AnswerReader<T> read) : IPendingAcknowledgement
{
    private readonly TaskCompletionSource<T> _answer = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Task<T> Answer => _answer.Task;

    public void OnAnswer(Socket socket, ReadOnlySpan<byte> data, JsonSlice[] arguments, ReadOnlyMemory<byte>[] attachments)
    {
        try
        {
            _answer.TrySetResult(read(socket.Id, data, arguments, attachments));
        }
        catch (Exception error) // Types and converters of the application may throw any.
        {
            _answer.TrySetException(error);
        }
    }

    public void OnLeft(Socket socket, DisconnectReason reason) => _answer.TrySetException(new SocketDisconnectedException(reason));
}
