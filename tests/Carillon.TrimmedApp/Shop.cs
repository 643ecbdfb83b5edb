using System.Text.RegularExpressions;
using Carillon.SocketIO;

namespace Carillon.TrimmedApp;

/// <summary>One use of each part of the library's API through which types of an application go.</summary>
internal sealed partial class Shop(SocketIOServer io)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    public void Open()
    {
        io.Use(static (socket, _) => ValueTask.FromResult(
            socket.Handshake.GetAuth<Visitor>()?.Name is null ? new ConnectRefusal("nobody", new Receipt(null, "say who you are")) : null));
        io.OnConnection(Serve);
        io.Of(Branch()).OnConnection(static socket => socket.EmitAsync("branch", socket.Namespace.Name));
    }

    private void Serve(Socket socket)
    {
        IHttpContextAccessor requests = io.Services.GetRequiredService<IHttpContextAccessor>();
        socket.On("order", static (Order order) => new Receipt(order, $"{order.Count} of {order.Article}"));
        socket.On("orders", static (Order[] orders, string text) => Task.FromResult(new Receipt(orders[^1], text)));
        socket.On("reverse", static (Picture picture) => picture with { Data = picture.Data.ToArray().Reverse().ToArray() });
        socket.On("join", (string room) => socket.Join(room));
        socket.On("show", (string room, Picture picture) => io.To(room).EmitAsync("shown", picture, DateTimeOffset.UnixEpoch));
        socket.On("ask-me", (Order order) => socket.EmitWithAckAsync<Receipt>("question", [order], Patience));
        socket.On("ask-all", async (string room) => (await io.To(room).EmitWithAckAsync<int>("count", [], Patience)).Answers.Values.Sum());
        socket.On("unlisted", static received =>
        {
            received.Acknowledge(new Unlisted(1));
            return ValueTask.CompletedTask;
        });
        string? refusal = null;
        try
        {
            socket.On("unlisted at once", static () => new Unlisted(1));
        }
        catch (NotSupportedException error)
        {
            refusal = error.Message;
        }

        socket.On("why", () => refusal);

        // A connection that is held below HTTP has no request any more (ADR 7): so a client can tell that the trimmer left what that takes.
        socket.On("is-held", () => requests.HttpContext is null);
    }

    [GeneratedRegex(@"^/branch-\d+$", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Branch();
}
