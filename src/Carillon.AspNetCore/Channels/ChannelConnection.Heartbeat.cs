using Carillon.Access;
using Carillon.Connections;
using Carillon.Connections.WebSockets;

namespace Carillon.AspNetCore.Channels;

internal sealed partial class ChannelConnection : IHeartbeatClient
{
    private readonly Requester? _authentication; // Null where it does not end, or does not end the connection.
    private long _quietSince; // When the last sign of life came, or the open ping was sent.
    private volatile bool _awaitsPong;
    private volatile bool _isReadingPaused;

    void IHeartbeatClient.OnHeartbeat(long now)
    {
        Heartbeat heartbeat = _server.Heartbeat;
        long quiet = now - Volatile.Read(ref _quietSince);
        if (_outbox.IsBurstOver)
        {
            ((IOutboxOwner)this).OnOutboxOverflow();
        }
        else if (_authentication is { } authentication && heartbeat.Time.GetUtcNow() is var time && !authentication.IsValidAt(time))
        {
            CutOff(WebSocketCloseCode.PolicyViolation, time >= authentication.ValidUntil ? "the authentication has expired" : "the token was revoked");
        }
        else if (_awaitsPong)
        {
            if (quiet > heartbeat.ToTimestamp(_server.Options.PingTimeout))
            {
                OnSilence();
            }
        }
        else if (quiet > heartbeat.ToTimestamp(_server.Options.PingInterval))
        {
            Volatile.Write(ref _quietSince, now);
            _awaitsPong = true;
            _webSocket.Ping();
        }
    }

    private void OnSilence()
    {
        if (_isReadingPaused)
        {
            CutOff(WebSocketCloseCode.InternalError, "the server does not keep up with the client's messages");
            Inbox().Complete(); // Whoever waits for room there waits no longer.
        }
        else
        {
            CutOff(WebSocketCloseCode.PolicyViolation, "the client did not answer a ping");
        }
    }

    private void OnSignOfLife()
    {
        Volatile.Write(ref _quietSince, _server.Heartbeat.Time.GetTimestamp());
        _awaitsPong = false;
    }
}
