using Carillon.Connections;

namespace Carillon.AspNetCore.Events;

internal sealed partial class EventStream : IHeartbeatClient
{
    private long _lastSignOfLife;
    private long _writingSince; // 0 while nothing is being written.

    void IHeartbeatClient.OnHeartbeat(long now)
    {
        long writingSince = Volatile.Read(ref _writingSince);
        if (_outbox.IsBurstOver || (writingSince != 0 && now - writingSince > _server.Heartbeat.ToTimestamp(_server.Options.Outbox.WriteTimeout)))
        {
            CutOff("it reads too slowly");
        }
        else if (writingSince == 0 && now - Volatile.Read(ref _lastSignOfLife) > _server.Heartbeat.ToTimestamp(_server.Options.HeartbeatInterval))
        {
            Volatile.Write(ref _lastSignOfLife, now);
            Send(EventFrames.Heartbeat);
        }
    }

    private void NoteWriteBegins() => Volatile.Write(ref _writingSince, _server.Heartbeat.Time.GetTimestamp() | 1); // Never 0.

    private void NoteWriteEnded()
    {
        Volatile.Write(ref _lastSignOfLife, _server.Heartbeat.Time.GetTimestamp());
        Volatile.Write(ref _writingSince, 0);
    }
}
