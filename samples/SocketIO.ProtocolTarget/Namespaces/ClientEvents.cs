using System.Globalization;
using System.Text.Json;
using Carillon.SocketIO;

namespace SocketIO.ProtocolTarget.Namespaces;

/// <summary>The events that the main namespace of profile <c>client</c> answers.</summary>
internal static class ClientEvents
{
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(30);
    private static readonly byte[] Bytes = "asdfasdf"u8.ToArray();
    private static readonly string[] Texts = ["てすと", "Я Б Г Д Ж Й", "Ä ä Ü ü ß", "utf8 — string", "utf8 — string"];

    private static string Now => TimeProvider.System.GetUtcNow().ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);

    public static void Listen(Socket socket)
    {
        socket.On("echo", received =>
        {
            received.AcknowledgeJson(received.ArgumentsJson.Span, [.. received.Attachments]);
            return ValueTask.CompletedTask;
        });
        socket.On("getId", () => socket.Id);
        socket.On("getHandshake", () => ClientNamespaces.Describe(socket));
        socket.On("getAckDate", () => Now);

        // The others are answered by an event and never acknowledged: the client's tests of retries count on that. So their handlers take the event itself.
        socket.On("hi", _ => socket.EmitAsync("hi"));
        socket.On("false", _ => socket.EmitAsync("false", false));
        socket.On("getDate", _ => socket.EmitAsync("takeDate", Now));
        socket.On("getDateObj", _ => socket.EmitAsync("takeDateObj", new { date = Now }));
        socket.On("getUtf8", async _ =>
        {
            foreach (string text in Texts)
            {
                await socket.EmitAsync("takeUtf8", text);
            }
        });
        socket.On("ack", received =>
        {
            _ = AskAsync(received.Socket);
            return ValueTask.CompletedTask;
        });
        ListenForBinary(socket);
    }

    private static void ListenForBinary(Socket socket)
    {
        socket.On("doge", _ => socket.EmitAsync("doge", Bytes));
        socket.On("getbin", _ => socket.EmitAsync("takebin", Bytes));
        socket.On("buffa", received => AnswerAsync(socket, HasBytes(received), "buffack"));
        socket.On("blob", received => AnswerAsync(socket, HasBytes(received), "back"));
        socket.On("jsonbuff", received => AnswerAsync(socket, HasParcel(received), "jsonbuff-ack"));
        socket.On("jsonblob", received => AnswerAsync(socket, HasParcel(received), "jsonblob-ack"));

        bool hasBuffer = false;
        socket.On("abuff1", received =>
        {
            hasBuffer = HasBytes(received);
            return ValueTask.CompletedTask;
        });
        socket.On("abuff2", _ => AnswerAsync(socket, hasBuffer, "abuff2-ack"));

        int blobs = 0;
        socket.On("blob1", received =>
        {
            blobs = HasBytes(received) ? 1 : 0;
            return ValueTask.CompletedTask;
        });
        socket.On("blob2", received =>
        {
            blobs = blobs == 1 && received.GetArgument<string?>(0) == "second" ? 2 : 0;
            return ValueTask.CompletedTask;
        });
        socket.On("blob3", received => AnswerAsync(socket, blobs == 2 && HasBytes(received), "blob3-ack"));
    }

    private static bool HasBytes(SocketEvent received) => received.Attachments.Count > 0;

    private static bool HasParcel(SocketEvent received) => received.GetArgument<Parcel?>(0) is { Hello: "lol", Goodbye: "gotcha", Message: not null };

    private static ValueTask AnswerAsync(Socket socket, bool isRight, string eventName) => isRight ? socket.EmitAsync(eventName) : ValueTask.CompletedTask;

    private static async Task AskAsync(Socket socket)
    {
        try
        {
            SocketAnswer answer = await socket.EmitWithAckAsync<SocketAnswer>("ack", [], Longest);
            if (answer.GetArgument<int>(0) == 5 && answer.GetArgument<JsonElement>(1).GetProperty("test").GetBoolean())
            {
                await socket.EmitAsync("got it");
            }
        }
        catch (Exception error) when (error is TimeoutException or SocketDisconnectedException or SocketAnswerException or InvalidOperationException or KeyNotFoundException)
        {
            // A client that does not answer gets nothing.
        }
    }

    private sealed record Parcel(string? Hello, byte[]? Message, string? Goodbye);
}
