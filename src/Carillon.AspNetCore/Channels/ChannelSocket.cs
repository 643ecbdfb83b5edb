using System.Security.Claims;
using System.Text.Json.Serialization.Metadata;
using Carillon.Connections;
using Carillon.Connections.WebSockets;

namespace Carillon.AspNetCore.Channels;

/// <summary>
/// One client of a channel. Derive from it, override <see cref="GenerateObjectAsync"/>, and mount it with <see cref="ChannelSocketEndpoints.MapChannelSocket"/>: whenever a
/// client of the channel connects or disconnects, the object is generated once, by one of the channel's sockets, and sent as JSON to each client of the channel.
/// </summary>
/// <remarks>
/// An instance is made for each connection, with its constructor's parameters from a service scope of its own, which is disposed, like the instance where it can be,
/// when the connection has ended and nothing of the instance runs any more. The properties are set after the constructor. The members that send are thread-safe;
/// <see cref="GenerateObjectAsync"/> and <see cref="OnMessageAsync"/> may run at the same time.
/// </remarks>
public abstract class ChannelSocket
{
    private ChannelConnection? _connection;

    /// <summary>An unguessable name of this connection.</summary>
    public string ConnectionId => Connection.Id;

    /// <summary>The channel that the client is in.</summary>
    public SocketChannel Channel => Connection.Channel;

    /// <summary>Who the client is, as the application's authentication has found; not authenticated where there is none.</summary>
    public ClaimsPrincipal User => Connection.User;

    private ChannelConnection Connection =>
        _connection ?? throw new InvalidOperationException("A channel socket has its connection only after its constructor.");

    /// <summary>
    /// Makes the object that each client of the channel is to see now; it is sent as JSON, null as <c>null</c>. Called once for each change, or for several changes that came
    /// together, never twice at the same time in one channel, unless one that was given up does not heed its cancellation. A client is sent only objects whose generation began after
    /// it had joined. If it throws, that is logged and nothing is sent.
    /// </summary>
    /// <param name="cancellation">Cancelled when the application stops, and after <see cref="ChannelSocketOptions.GenerationTimeout"/>, when the call is given up.</param>
    protected internal abstract ValueTask<object?> GenerateObjectAsync(CancellationToken cancellation);

    /// <summary>
    /// Takes a message of the client; one at a time, in order. Does nothing unless overridden. If it throws, that is logged and the connection is closed with code 1011.
    /// While it runs further messages wait, up to <see cref="ChannelSocketOptions.MaxWaitingMessages"/>; beyond, the client is read no further.
    /// </summary>
    /// <param name="message">The message.</param>
    /// <param name="cancellation">Cancelled when the connection has ended.</param>
    protected internal virtual ValueTask OnMessageAsync(ChannelMessage message, CancellationToken cancellation) => ValueTask.CompletedTask;

    /// <summary>
    /// Sends <paramref name="value"/> as JSON to this client, by the application's serializer settings. It is queued at once. False if the connection has ended, or is being
    /// cut off because the client reads too slowly.
    /// </summary>
    public ValueTask<bool> SendJsonAsync(object? value) => ValueTask.FromResult(Connection.Send(Connection.Json.ToFrame(value)));

    /// <summary>Sends <paramref name="value"/> as <paramref name="type"/> says, for serializers generated at compile time; see <see cref="SendJsonAsync(object)"/>.</summary>
    public ValueTask<bool> SendJsonAsync<T>(T value, JsonTypeInfo<T> type) => ValueTask.FromResult(Connection.Send(ChannelJson.ToFrame(value, type)));

    /// <summary>Sends a text to this client; see <see cref="SendJsonAsync(object)"/>.</summary>
    public ValueTask<bool> SendMessageAsync(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return ValueTask.FromResult(Connection.Send(Frame.FromText(System.Text.Encoding.UTF8.GetBytes(text))));
    }

    /// <summary>
    /// The client's next message, or null when the connection has ended and no message is left. Who waits here gets a message ahead of <see cref="OnMessageAsync"/>, which can
    /// so ask the client something and receive the answer.
    /// </summary>
    public ValueTask<ChannelMessage?> ReceiveMessageAsync(CancellationToken cancellation = default) => Connection.ReceiveAsync(cancellation);

    /// <summary>
    /// Sends what waits, then closes the connection; returns when it has ended, in 2 s at most plus a tick of the heartbeat. The first call decides.
    /// </summary>
    /// <param name="code">The code that the client sees: one that RFC 6455 §7.4 allows to send, or 3000 to 4999; else an <see cref="ArgumentOutOfRangeException"/>.</param>
    /// <param name="reason">Shown to the client; cut after 123 bytes of UTF-8.</param>
    public Task CloseAsync(WebSocketCloseCode code = WebSocketCloseCode.Normal, string reason = "")
    {
        if ((int)code is not (>= 1000 and <= 1003 or >= 1007 and <= 1014 or >= 3000 and <= 4999))
        {
            throw new ArgumentOutOfRangeException(nameof(code), code, "Not a code that can be sent.");
        }

        return Connection.CloseAsync(code, reason);
    }

    /// <summary>Another channel of the same channel sockets; its clients may come and go while it is looked at.</summary>
    protected SocketChannel ChannelOf(string channelId)
    {
        ArgumentNullException.ThrowIfNull(channelId);
        return Connection.ChannelOf(channelId);
    }

    internal void Bind(ChannelConnection connection) => _connection = connection;
}
