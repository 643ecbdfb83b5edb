using Carillon.Connections;

namespace Carillon.AspNetCore.WebSockets;

internal sealed partial class TopicSocketConnection : IHeartbeatClient
{
    private long _lastPing;   // Of the client's own, for the hub's rules.
    private long _quietSince; // When the last sign of life came, or the open ping was sent.
    private volatile bool _awaitsPong;
    private volatile bool _isHandling;

    void IHeartbeatClient.OnHeartbeat(long now)
    {
        Heartbeat heartbeat = _server.Heartbeat;
        if (_outbox.IsBurstOver)
        {
            ((IOutboxOwner)this).OnOutboxOverflow();
            return;
        }

        // While a command is under way nothing is read, so silence says nothing; a client that does not take its answers is found out by its writes.
        long quiet = now - Volatile.Read(ref _quietSince);
        if (_isHandling)
        {
            return;
        }

        if (_awaitsPong)
        {
            if (quiet > heartbeat.ToTimestamp(_server.Options.PingTimeout))
            {
                CutOff("the client did not answer a ping");
            }
        }
        else if (quiet > heartbeat.ToTimestamp(_server.Options.PingInterval))
        {
            Volatile.Write(ref _quietSince, now);
            _awaitsPong = true;
            _webSocket.Ping();
        }
    }

    private void OnSignOfLife()
    {
        Volatile.Write(ref _quietSince, _server.Heartbeat.Time.GetTimestamp());
        _awaitsPong = false;
    }

    private void OnClientPing() => Volatile.Write(ref _lastPing, _server.Heartbeat.Time.GetTimestamp());
}
