using Carillon.Connections.WebSockets;

namespace Carillon.AspNetCore.Channels;

internal sealed partial class ChannelSocketServer : IDisposable
{
    private const string ShuttingDown = "server is shutting down";
    private readonly CancellationTokenSource _stopping = new();

    /// <summary>Refuses new clients and closes all others so that they come back, to another node or after the restart. No objects are generated any more.</summary>
    public void Stop()
    {
        _stopping.Cancel();
        foreach (LiveChannel channel in _channels.Channels)
        {
            foreach (ChannelConnection connection in channel.Connections)
            {
                connection.BeginClose(WebSocketCloseCode.GoingAway, ShuttingDown);
            }
        }
    }

    public void Dispose()
    {
        Heartbeat.Dispose();
        _ = CloseRosterAsync();
        _stopping.Dispose();
    }

    private async Task CloseRosterAsync()
    {
        try
        {
            await Roster.DisposeAsync();
        }
        catch (Exception error)
        {
            ChannelSocketLog.CloseFailed(Logger, error, Name);
        }
    }
}
