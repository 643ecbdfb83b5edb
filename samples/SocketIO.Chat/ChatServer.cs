using System.Collections.Concurrent;
using Carillon.SocketIO;

namespace SocketIO.Chat;

/// <summary>Who may come in, and what is done with what people send.</summary>
internal sealed class ChatServer(SocketIOServer io)
{
    private const int LongestName = 24;
    private const int LongestText = 2000;
    private const int LargestImage = 700_000;
    private static readonly TimeSpan DeliveryTime = TimeSpan.FromSeconds(10);
    private static readonly string[] ImageTypes = ["image/png", "image/jpeg", "image/gif", "image/webp"];
    private readonly ConcurrentDictionary<string, ChatHistory> _rooms = new(StringComparer.Ordinal);

    public void Start()
    {
        io.Use((socket, _) =>
        {
            string name = socket.Handshake.GetAuth<ChatGuest>()?.Name?.Trim() ?? "";
            socket.Data["name"] = name;
            return ValueTask.FromResult(IsName(name) ? null : new ConnectRefusal($"A name has 1 to {LongestName} characters."));
        });
        io.OnConnection(socket =>
        {
            socket.On("join", (string room) => JoinAsync(socket, room));
            socket.On("say", (ChatDraft draft) => Say(socket, draft));
            socket.On("typing", (bool isTyping) => RoomOf(socket) is { } room
                ? socket.To(room).Volatile.EmitAsync("typing", NameOf(socket), isTyping)
                : ValueTask.CompletedTask);
            socket.OnDisconnect(async _ =>
            {
                if (RoomOf(socket) is { } room)
                {
                    await TellPeopleAsync(room);
                }
            });
        });
    }

    private async Task<ChatWelcome> JoinAsync(Socket socket, string room)
    {
        if (!IsName(room))
        {
            throw new SocketArgumentException($"A room's name has 1 to {LongestName} characters.");
        }

        if (RoomOf(socket) is { } before)
        {
            socket.Leave(before);
            await TellPeopleAsync(before);
        }

        // History before membership would lose what is said in between; this way one may come twice, which the page sees by its id.
        socket.Data["room"] = room;
        socket.Join(room);
        ChatWelcome welcome = new(room, HistoryOf(room).Latest());
        await TellPeopleAsync(room);
        return welcome;
    }

    // The sender's acknowledgement is the first tick: the server has it. The second comes when the others have it.
    private ChatReceipt Say(Socket socket, ChatDraft draft)
    {
        string room = RoomOf(socket) ?? throw new SocketArgumentException("Join a room first.");
        if (draft.Text is not { Length: <= LongestText } || (draft.Text.Trim().Length == 0 && draft.Image is null))
        {
            throw new SocketArgumentException($"A message has 1 to {LongestText} characters.");
        }

        if (draft.Image is { } image && (image.Length > LargestImage || !ImageTypes.Contains(draft.ImageType)))
        {
            throw new SocketArgumentException($"An image is PNG, JPEG, GIF or WebP and has at most {LargestImage / 1000} kB.");
        }

        ChatMessage message = HistoryOf(room).Add(NameOf(socket), draft, TimeProvider.System.GetUtcNow());
        _ = DeliverAsync(socket, room, message); // Not awaited: somebody's slow link must not hold up the next message.
        return new ChatReceipt(message.Id, message.Time);
    }

    private static async Task DeliverAsync(Socket sender, string room, ChatMessage message)
    {
        BroadcastAnswers<bool> seen = await sender.To(room).EmitWithAckAsync<bool>("message", [message], DeliveryTime);
        await sender.EmitAsync("delivered", message.Id, seen.Answers.Count);
    }

    private ValueTask TellPeopleAsync(string room)
    {
        string[] people = [.. io.Of("/").Sockets.Where(socket => RoomOf(socket) == room && socket.IsConnected).Select(NameOf).Order(StringComparer.CurrentCulture)];
        if (people.Length == 0)
        {
            _rooms.TryRemove(room, out _);
        }

        return io.To(room).EmitAsync("people", people);
    }

    private ChatHistory HistoryOf(string room) => _rooms.GetOrAdd(room, static _ => new ChatHistory());

    private static string NameOf(Socket socket) => (string)socket.Data["name"]!;

    private static string? RoomOf(Socket socket) => socket.Data.TryGetValue("room", out object? room) ? (string?)room : null;

    private static bool IsName(string? name) => name is { Length: > 0 and <= LongestName } && !name.Any(char.IsControl);
}
