using System.Collections.Concurrent;
using System.Text.RegularExpressions;
using Carillon.SocketIO;

namespace Carillon.Interop.Tests.SocketIO;

/// <summary>The server that the scenarios of all clients talk to, and what it remembers of them.</summary>
internal sealed partial class Playground
{
    private readonly ConcurrentDictionary<string, DisconnectReason> _left = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, TaskCompletionSource> _leaving = new(StringComparer.Ordinal);
    private readonly ConcurrentQueue<Exception> _unanswered = new();
    private SocketNamespaceFamily? _games;

    /// <summary>Why sockets left, by their ids.</summary>
    public IReadOnlyDictionary<string, DisconnectReason> Left => _left;

    /// <summary>What came of questions that got no answer.</summary>
    public IReadOnlyCollection<Exception> Unanswered => _unanswered;

    public void Configure(SocketIOServer server)
    {
        server.OnConnection(socket =>
        {
            OnEvents(socket);
            OnQuestions(socket);
            OnRooms(socket);
            OnEndings(socket);
            socket.On("whole-family", (string text) => _games!.EmitAsync("announcement", text));
        });
        ConfigureSecure(server.Of("/secure"));
        _games = server.Of(GameName());
        _games.OnConnection(static socket =>
        {
            socket.On("move", (string move) => socket.Namespace.EmitAsync("moved", socket.Namespace.Name, move));
            socket.On("players", () => socket.Namespace.SocketCount);
        });
    }

    private static void ConfigureSecure(SocketNamespace secure)
    {
        secure.Use(static (socket, _) =>
        {
            Credentials? credentials = socket.Handshake.GetAuth<Credentials>();
            socket.Data["user"] = $"user of {credentials?.Token}";
            return ValueTask.FromResult(credentials?.Token == "123" ? null : new ConnectRefusal("not authorized", new { code = 401, hint = "grüße" }));
        });
        secure.OnConnection(static socket => socket.On("who", () => (string)socket.Data["user"]!));
    }

    private static void OnEvents(Socket socket)
    {
        socket.On("echo", (SocketEvent received) => socket.EmitJsonAsync("echo-back", received.ArgumentsJson.Span, [.. received.Attachments]));
        socket.On("echo-ack", static received =>
        {
            received.AcknowledgeJson(received.ArgumentsJson.Span, [.. received.Attachments]);
            return ValueTask.CompletedTask;
        });
        socket.On("done", static () => { });
        socket.On("silent", static _ => ValueTask.CompletedTask);
        socket.On("fails", static () => throw new InvalidOperationException("a fault of the handler"));
        socket.On("sum", static (int a, int b) => a + b);
        socket.On("picture", static (Picture picture) => new Picture(picture.Name.ToUpperInvariant(), picture.Data.ToArray().Reverse().ToArray()));
        socket.On("blob", static (int size) => new byte[size]);
        socket.On("volatile-burst", async (int count) =>
        {
            for (int i = 0; i < count; i++)
            {
                await socket.Volatile.EmitAsync("maybe", i);
            }
        });
    }

    private void OnQuestions(Socket socket)
    {
        socket.On("ask-me", async (string question, int milliseconds) =>
        {
            try
            {
                return (object)new { answer = await socket.EmitWithAckAsync<string>("question", [question], TimeSpan.FromMilliseconds(milliseconds)) };
            }
            catch (Exception unanswered) when (unanswered is TimeoutException or SocketDisconnectedException)
            {
                _unanswered.Enqueue(unanswered);
                return new { error = "timeout" };
            }
        });
        socket.On("ask-binary", (byte[] data) => socket.EmitWithAckAsync<Back>("question", [data], TimeSpan.FromSeconds(20)));
    }

    private static void OnRooms(Socket socket)
    {
        socket.On("join", (string room) => socket.Join(room));
        socket.On("leave", (string room) => socket.Leave(room));
        socket.On("say", (Speech speech) => socket.Broadcast.To(speech.To).Except(speech.Except ?? []).EmitAsync("said", speech.Text));
        socket.On("announce", (Speech speech) => Audience(socket.Namespace, speech).EmitAsync(speech.Event ?? "said", speech.Text));
        socket.On("announce-bytes", (Speech speech) => Audience(socket.Namespace, speech).EmitAsync("said", Convert.FromBase64String(speech.Text)));
        socket.On("poll", (Poll poll) => socket.Namespace.To(poll.To).Except(poll.Except)
            .EmitWithAckAsync<string>("vote", ["why"], TimeSpan.FromMilliseconds(poll.Milliseconds)));
    }

    private static BroadcastOperator Audience(SocketNamespace target, Speech speech)
    {
        BroadcastOperator audience = target.To(speech.To).Except(speech.Except ?? []);
        return speech.Volatile ? audience.Volatile : audience;
    }

    private void OnEndings(Socket socket)
    {
        socket.On("kick", (bool close) =>
        {
            if (close)
            {
                socket.CloseConnection("go away");
            }
            else
            {
                socket.Disconnect();
            }
        });
        socket.On("remember", (string note) => { socket.Data["note"] = note; });
        socket.On("recall", () => new { recovered = socket.Recovered, note = socket.Data.TryGetValue("note", out object? note) ? note as string : null });
        socket.On("see-off", (string id) => LeavingOf(id).Task);
        socket.OnDisconnect(reason =>
        {
            _left[socket.Id] = reason;
            LeavingOf(socket.Id).TrySetResult();
        });
    }

    private TaskCompletionSource LeavingOf(string id) =>
        _leaving.GetOrAdd(id, static _ => new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));

    [GeneratedRegex(@"^/game-\d+$", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex GameName();

    internal sealed record Credentials(string? Token);

    internal sealed record Picture(string Name, byte[] Data);

    internal sealed record Back([property: System.Text.Json.Serialization.JsonPropertyName("back")] ReadOnlyMemory<byte> Data);

    internal sealed record Speech(string[] To, string Text, string[]? Except = null, string? Event = null, bool Volatile = false);

    internal sealed record Poll(string[] To, string[] Except, int Milliseconds);
}
