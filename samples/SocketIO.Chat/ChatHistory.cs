namespace SocketIO.Chat;

/// <summary>The latest messages of one room. Thread-safe.</summary>
internal sealed class ChatHistory
{
    private const int Kept = 30;
    private readonly Lock _gate = new(); // Guards the messages.
    private readonly Queue<ChatMessage> _latest = new();

    public ChatMessage Add(string name, ChatDraft draft, DateTimeOffset time)
    {
        var message = new ChatMessage(Guid.NewGuid(), name, draft.Text, draft.Image, draft.ImageType, time);
        lock (_gate)
        {
            _latest.Enqueue(message);
            if (_latest.Count > Kept)
            {
                _latest.Dequeue();
            }
        }

        return message;
    }

    public ChatMessage[] Latest()
    {
        lock (_gate)
        {
            return [.. _latest];
        }
    }
}
