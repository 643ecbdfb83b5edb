using Carillon.SocketIO.Packets;

namespace Carillon.SocketIO.Acknowledgements;

/// <summary>The answers of many sockets to one event. It is complete when each has answered or left.</summary>
internal sealed class BroadcastAcknowledgement<T>(AnswerReader<T> read, IEnumerable<Socket> asked) : IPendingAcknowledgement
{
    private readonly Lock _gate = new(); // Guards the three collections.
    private readonly HashSet<Socket> _waiting = new(asked, ReferenceEqualityComparer.Instance);
    private readonly Dictionary<string, T> _answers = new(StringComparer.Ordinal);
    private readonly List<string> _missing = [];
    private readonly TaskCompletionSource _complete = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Completes when nothing more can come.</summary>
    public Task Completion => _complete.Task;

    public void OnAnswer(Socket socket, ReadOnlySpan<byte> data, JsonSlice[] arguments, ReadOnlyMemory<byte>[] attachments)
    {
        T? answer;
        try
        {
            answer = read(socket.Id, data, arguments, attachments);
        }
        catch (Exception) // Types and converters of the application may throw any.
        {
            OnLeft(socket, default); // An answer of another shape is none.
            return;
        }

        Settle(socket, () => _answers[socket.Id] = answer!);
    }

    public void OnLeft(Socket socket, DisconnectReason reason) => Settle(socket, () => _missing.Add(socket.Id));

    /// <summary>What has come until now.</summary>
    public BroadcastAnswers<T> Collect()
    {
        lock (_gate)
        {
            return new BroadcastAnswers<T>(
                new Dictionary<string, T>(_answers, StringComparer.Ordinal), [.. _missing, .. _waiting.Select(static socket => socket.Id)]);
        }
    }

    /// <summary>Nobody was asked, or all that were have been settled.</summary>
    public void CompleteIfSettled()
    {
        lock (_gate)
        {
            if (_waiting.Count > 0)
            {
                return;
            }
        }

        _complete.TrySetResult();
    }

    private void Settle(Socket socket, Action record)
    {
        lock (_gate)
        {
            if (!_waiting.Remove(socket))
            {
                return;
            }

            record();
        }

        CompleteIfSettled();
    }
}
