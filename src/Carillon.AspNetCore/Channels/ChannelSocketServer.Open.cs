using Carillon.Access;
using Carillon.AspNetCore.Authentication;
using Carillon.Connections.WebSockets;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Carillon.AspNetCore.Channels;

internal sealed partial class ChannelSocketServer
{
    private async Task OpenAsync(HttpContext context, LiveChannel channel)
    {
        ChannelConnection connection;
        try
        {
            connection = await AcceptAsync(context, channel);
        }
        catch (Exception)
        {
            _channels.Release(channel);
            throw;
        }

        await JoinAsync(connection, channel);
        await connection.RunAsync();
    }

    // The socket is made first: if it cannot be, the client gets an error of the application, and no connection.
    private async ValueTask<ChannelConnection> AcceptAsync(HttpContext context, LiveChannel channel)
    {
        AsyncServiceScope scope = _services.CreateAsyncScope();
        ChannelSocket? socket = null;
        try
        {
            socket = _createSocket(scope.ServiceProvider);
            Requester? authentication = EndingAuthenticationOf(context);
            WebSocketConnection webSocket = await WebSocketHandshake.AcceptAsync(context, _webSocketOptions, Heartbeat);
            return new ChannelConnection(this, channel, webSocket, socket, scope, context.User, authentication);
        }
        catch (Exception)
        {
            await (socket is null ? scope.DisposeAsync() : DisposeAsync(socket, scope));
            throw;
        }
    }

    // It is entered before it is in the live channel: an object generated for it counts it.
    private async ValueTask JoinAsync(ChannelConnection connection, LiveChannel channel)
    {
        try
        {
            await Roster.JoinAsync(channel.Id, connection.Id, _stopping.Token);
        }
        catch (Exception) when (_stopping.IsCancellationRequested)
        {
            connection.BeginClose(WebSocketCloseCode.GoingAway, ShuttingDown);
            return;
        }
        catch (Exception error)
        {
            ChannelSocketLog.JoinFailed(Logger, error, Name, channel.Id);
            connection.BeginClose(WebSocketCloseCode.InternalError, "the channel cannot be joined now");
            return;
        }

        channel.Add(connection);
        channel.Update();
        if (_stopping.IsCancellationRequested)
        {
            connection.BeginClose(WebSocketCloseCode.GoingAway, ShuttingDown); // It slipped in while the others were being closed.
        }
    }

    // What the request was authenticated by, if that can end and is to end the connection.
    private Requester? EndingAuthenticationOf(HttpContext context) =>
        Options.CloseOnAuthenticationExpiration && context.GetRequester() is { CanEnd: true } requester ? requester : null;
}
