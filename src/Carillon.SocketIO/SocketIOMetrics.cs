using System.Diagnostics.Metrics;
using Carillon.Connections;

namespace Carillon.SocketIO;

/// <summary>The instruments of meter <c>Carillon.SocketIO</c>.</summary>
internal sealed class SocketIOMetrics : IConnectionObserver
{
    public const string MeterName = "Carillon.SocketIO";
    private static readonly KeyValuePair<string, object?> Polling = new("transport", "polling");
    private static readonly KeyValuePair<string, object?> WebSocket = new("transport", "websocket");
    private readonly UpDownCounter<long> _connections;
    private readonly Counter<long> _frames;
    private readonly Counter<long> _bytes;
    private readonly Counter<long> _writes;
    private readonly Counter<long> _overflows;

    public SocketIOMetrics(IMeterFactory? meters)
    {
#pragma warning disable CA2000 // A meter without a factory lives as long as the process, like the server it belongs to.
        Meter meter = meters?.Create(MeterName) ?? new Meter(MeterName);
#pragma warning restore CA2000
        _connections = meter.CreateUpDownCounter<long>("carillon.socketio.connections", "{connection}", "Open sessions by transport.");
        _frames = meter.CreateCounter<long>("carillon.socketio.frames.sent", "{frame}", "Frames written to clients.");
        _bytes = meter.CreateCounter<long>("carillon.socketio.bytes.sent", "By", "Bytes written to clients.");
        _writes = meter.CreateCounter<long>("carillon.socketio.writes", "{write}", "Writes to clients; each may carry many frames.");
        _overflows = meter.CreateCounter<long>("carillon.socketio.outbox.overflows", "{frame}", "Frames refused because an outbox was full.");
    }

    public void OnOpened(SocketIOTransports transport) => _connections.Add(1, Tag(transport));

    public void OnClosed(SocketIOTransports transport) => _connections.Add(-1, Tag(transport));

    public void OnUpgraded()
    {
        _connections.Add(-1, Polling);
        _connections.Add(1, WebSocket);
    }

    public void OnOverflow() => _overflows.Add(1);

    public void OnWritten(int frames, long bytes)
    {
        _frames.Add(frames);
        _bytes.Add(bytes);
        _writes.Add(1);
    }

    private static KeyValuePair<string, object?> Tag(SocketIOTransports transport) => transport == SocketIOTransports.WebSocket ? WebSocket : Polling;
}
