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
        socket.On("hi", () => socket.EmitAsync("hi"));
        socket.On("false", () => socket.EmitAsync("false", false));
        socket.On("echo", received =>
        {
            received.AcknowledgeJson(received.ArgumentsJson.Span, [.. received.Attachments]);
            return ValueTask.CompletedTask;
        });
        socket.On("getId", () => socket.Id);
        socket.On("getHandshake", () => ClientNamespaces.Describe(socket));
        socket.On("getAckDate", () => Now);
        socket.On("getDate", () => socket.EmitAsync("takeDate", Now));
        socket.On("getDateObj", () => socket.EmitAsync("takeDateObj", new { date = Now }));
        socket.On("getUtf8", async () =>
        {
            foreach (string text in Texts)
            {
                await socket.EmitAsync("takeUtf8", text);
            }
        });
        socket.On("ack", () => { _ = AskAsync(socket); });
        ListenForBinary(socket);
    }

    private static void ListenForBinary(Socket socket)
    {
        socket.On("doge", () => socket.EmitAsync("doge", Bytes));
        socket.On("getbin", () => socket.EmitAsync("takebin", Bytes));
        socket.On("buffa", (ReadOnlyMemory<byte> _) => socket.EmitAsync("buffack"));
        socket.On("blob", (ReadOnlyMemory<byte> _) => socket.EmitAsync("back"));
        socket.On("jsonbuff", (Parcel parcel) => AnswerAsync(socket, parcel, "jsonbuff-ack"));
        socket.On("jsonblob", (Parcel parcel) => AnswerAsync(socket, parcel, "jsonblob-ack"));

        int buffers = 0;
        socket.On("abuff1", (ReadOnlyMemory<byte> _) => { buffers++; });
        socket.On("abuff2", () => buffers == 1 ? socket.EmitAsync("abuff2-ack") : ValueTask.CompletedTask);

        int blobs = 0;
        socket.On("blob1", (ReadOnlyMemory<byte> _) => { blobs = 1; });
        socket.On("blob2", (string text) => { blobs = blobs == 1 && text == "second" ? 2 : 0; });
        socket.On("blob3", (ReadOnlyMemory<byte> _) => blobs == 2 ? socket.EmitAsync("blob3-ack") : ValueTask.CompletedTask);
    }

    private static ValueTask AnswerAsync(Socket socket, Parcel parcel, string eventName) =>
        parcel is { Hello: "lol", Goodbye: "gotcha", Message.IsEmpty: false } ? socket.EmitAsync(eventName) : ValueTask.CompletedTask;

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
        catch (Exception error) when (error is TimeoutException or SocketDisconnectedException or JsonException)
        {
            // A client that does not answer gets nothing.
        }
    }

    private sealed record Parcel(string Hello, ReadOnlyMemory<byte> Message, string Goodbye);
}
