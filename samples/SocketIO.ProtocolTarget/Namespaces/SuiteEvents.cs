using System.Globalization;
using System.Text;
using System.Text.Json;
using Carillon.SocketIO;

namespace SocketIO.ProtocolTarget.Namespaces;

/// <summary>The events that every namespace of profiles <c>suite</c> and <c>recovery</c> answers.</summary>
internal static class SuiteEvents
{
    private const int LargestBlob = 10_000_000;

    public static void Listen(Socket socket, Departures departures)
    {
        departures.Arrive(socket);
        socket.OnDisconnect(reason => departures.Add(socket, reason));

        // Untyped where any arguments are sent back as they came.
        socket.On("message", received => socket.EmitJsonAsync("message-back", received.ArgumentsJson.Span, [.. received.Attachments]));
        socket.On("message-with-ack", received =>
        {
            received.AcknowledgeJson(received.ArgumentsJson.Span, [.. received.Attachments]);
            return ValueTask.CompletedTask;
        });
        socket.On("to-room", async received =>
        {
            await socket.Namespace.To(received.GetArgument<string>(0))
                .EmitJsonAsync("room-message", received.ArgumentsJsonFrom(1).Span, [.. received.Attachments]);
            received.Acknowledge();
        });

        socket.On("whoami", () => new { id = socket.Id, recovered = socket.Recovered, transport = socket.Transport, rooms = socket.Rooms });
        socket.On("reason-of", (string? id) => departures.Find(id));
        socket.On("join", (string room) => socket.Join(room));
        socket.On("leave", (string room) => socket.Leave(room));
        socket.On("blob", (int length) => BlobOf(length));
        socket.On("kick", (bool? close) => socket.Disconnect(close ?? false));
        socket.On("ask-me", received =>
        {
            // Further events need not wait for the answer.
            _ = AskAsync(received, TimeSpan.FromMilliseconds(Math.Max(0, received.GetArgument<int>(0))), QuestionOf(received));
            return ValueTask.CompletedTask;
        });
    }

    private static byte[] BlobOf(int length)
    {
        if (length is < 0 or > LargestBlob)
        {
            throw new SocketArgumentException(string.Create(CultureInfo.InvariantCulture, $"argument 1: expected 0 to {LargestBlob}"));
        }

        var blob = new byte[length];
        Array.Fill(blob, (byte)'a');
        return blob;
    }

    private static object QuestionOf(SocketEvent received)
    {
        var question = received.GetArgument<JsonElement>(1);
        bool isBinary = question.ValueKind == JsonValueKind.Object && question.TryGetProperty("_placeholder", out _);
        return isBinary ? received.GetArgument<ReadOnlyMemory<byte>>(1) : question;
    }

    private static async Task AskAsync(SocketEvent received, TimeSpan longest, object question)
    {
        try
        {
            SocketAnswer answer = await received.Socket.EmitWithAckAsync<SocketAnswer>("question", [question], longest);

            // As it came, so that binary data in it stays binary.
            string json = answer.GetArgument<JsonElement>(0).GetRawText();
            received.AcknowledgeJson(Encoding.UTF8.GetBytes($"{{\"ok\":true,\"answer\":{json}}}"), [.. answer.Attachments]);
        }
        catch (Exception error) when (error is TimeoutException or SocketDisconnectedException)
        {
            received.Acknowledge(new { ok = false });
        }
    }
}
