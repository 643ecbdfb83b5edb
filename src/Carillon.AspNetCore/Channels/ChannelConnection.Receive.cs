using System.Threading.Channels;
using Carillon.Connections.WebSockets;

namespace Carillon.AspNetCore.Channels;

internal sealed partial class ChannelConnection : IWebSocketReceiver
{
    private ChannelInbox? _inbox; // Made for the first message, or for the first who waits for one.

    ValueTask IWebSocketReceiver.OnMessageAsync(ReadOnlyMemory<byte> payload, bool isBinary)
    {
        OnSignOfLife();
        ChannelInbox inbox = Inbox();
        var message = new ChannelMessage(payload.ToArray(), isBinary);
        if (!inbox.Messages.Writer.TryWrite(message))
        {
            return WaitForRoomAsync(inbox, message);
        }

        StartHandling(inbox);
        return ValueTask.CompletedTask;
    }

    void IWebSocketReceiver.OnPong() => OnSignOfLife();

    void IWebSocketReceiver.OnEnded(WebSocketEnd end)
    {
        _server.Heartbeat.Unregister(this);
        _outbox.Close(discard: true);
        lock (_gate)
        {
            _hasEnded = true;
            _inbox?.Complete();
            _end?.TrySetResult();
        }

        _server.OnEnded(this, _live);
        EndUse();
    }

    public async ValueTask<ChannelMessage?> ReceiveAsync(CancellationToken cancellation)
    {
        try
        {
            // ReadAsync, because what is written goes to who waits there ahead of who looks whether there is something: the handler.
            return await Inbox().Messages.Reader.ReadAsync(cancellation);
        }
        catch (ChannelClosedException)
        {
            return null;
        }
    }

    private ChannelInbox Inbox()
    {
        lock (_gate)
        {
            if (_inbox is null)
            {
                _inbox = new ChannelInbox(_server.Options.MaxWaitingMessages);
                if (_hasEnded)
                {
                    _inbox.Complete();
                }
            }

            return _inbox;
        }
    }

    // Until there is room nothing more is read: the client's own writes wait.
    private async ValueTask WaitForRoomAsync(ChannelInbox inbox, ChannelMessage message)
    {
        _isReadingPaused = true;
        try
        {
            await inbox.Messages.Writer.WriteAsync(message);
        }
        catch (ChannelClosedException)
        {
            return; // Its handler took too long: the connection is being closed.
        }
        finally
        {
            _isReadingPaused = false;
            OnSignOfLife();
        }

        StartHandling(inbox);
    }

    private void StartHandling(ChannelInbox inbox)
    {
        if (inbox.TryBeginHandling() && TryUse())
        {
            ThreadPool.UnsafeQueueUserWorkItem(static connection => _ = connection.HandleMessagesAsync(connection._inbox!), this, preferLocal: false);
        }
    }

    private async Task HandleMessagesAsync(ChannelInbox inbox)
    {
        try
        {
            do
            {
                while (inbox.Messages.Reader.TryRead(out ChannelMessage message))
                {
                    await Socket.OnMessageAsync(message, inbox.Ended);
                }
            }
            while (inbox.ContinuesHandling());
        }
        catch (OperationCanceledException) when (inbox.Ended.IsCancellationRequested)
        {
            // The handler was told that its client is gone.
        }
        catch (Exception error)
        {
            ChannelSocketLog.MessageFailed(_server.Logger, error, _server.Name, Channel.Id);
            BeginClose(WebSocketCloseCode.InternalError, "a message could not be handled");
            inbox.Complete();
        }
        finally
        {
            EndUse();
        }
    }
}
