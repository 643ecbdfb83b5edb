using Carillon.Connections;

namespace Carillon.AspNetCore.Channels;

internal sealed partial class ChannelSocketServer
{
    async Task IChannelUpdates.SendObjectAsync(LiveChannel channel, ChannelConnection[] audience)
    {
        long began = Heartbeat.Time.GetTimestamp();
        try
        {
            if (await GenerateAsync(audience) is { } frame)
            {
                foreach (ChannelConnection connection in audience)
                {
                    connection.Send(frame);
                }
            }
        }
        catch (Exception) when (_stopping.IsCancellationRequested)
        {
            return; // It was told to give up.
        }
        catch (Exception error)
        {
            ChannelSocketLog.GenerationFailed(Logger, error, Name, channel.Id);
        }

        TimeSpan rest = Options.UpdateInterval - Heartbeat.Time.GetElapsedTime(began);
        if (rest > TimeSpan.Zero)
        {
            await Task.Delay(rest, Heartbeat.Time, CancellationToken.None);
        }
    }

    void IChannelUpdates.OnIdle(LiveChannel channel) => _channels.OnIdle(channel);

    // By the newest client that is left: usually the one whose coming is the change. Null if all have gone.
    private async ValueTask<Frame?> GenerateAsync(ChannelConnection[] audience)
    {
        if (Array.FindLast(audience, static connection => connection.TryUse()) is not { } connection)
        {
            return null;
        }

        using var timeout = new CancellationTokenSource(Options.GenerationTimeout, Heartbeat.Time);
        using var cancellation = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, _stopping.Token);
        object? value = await GenerateAsync(connection, cancellation.Token).WaitAsync(cancellation.Token);
        return Json.ToFrame(value);
    }

    // Ends the use when the socket has really returned, although nobody may wait for it any more.
    private static async Task<object?> GenerateAsync(ChannelConnection connection, CancellationToken cancellation)
    {
        try
        {
            return await connection.Socket.GenerateObjectAsync(cancellation);
        }
        finally
        {
            connection.EndUse();
        }
    }
}
