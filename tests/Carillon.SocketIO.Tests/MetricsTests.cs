using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using Shouldly;
using Xunit;

namespace Carillon.SocketIO.Tests;

public sealed class MetricsTests
{
    [Fact]
    public async Task Instruments_count_connections_by_transport_frames_and_bytes()
    {
        await using TestApplication application = await TestApplication.StartAsync(Apps.Echo);
        var sums = new ConcurrentDictionary<string, long>(StringComparer.Ordinal);
        using var listener = new MeterListener();
        listener.InstrumentPublished = (instrument, listening) =>
        {
            if (instrument.Meter.Name == "Carillon.SocketIO" && ReferenceEquals(instrument.Meter.Scope, application.Meters))
            {
                listening.EnableMeasurementEvents(instrument);
            }
        };
        listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) =>
            sums.AddOrUpdate(instrument.Name + (tags.Length > 0 ? "/" + tags[0].Value : string.Empty), value, (_, sum) => sum + value));
        listener.Start();
        using var client = new EngineClient(application.Address);

        await client.OpenPollingAsync();
        sums["carillon.socketio.connections/polling"].ShouldBe(1);
        using (EngineWebSocket socket = await client.OpenWebSocketAsync())
        {
            await socket.SendAsync("2probe");
            await socket.ReadAsync();
            await socket.SendAsync("5");
            await socket.SendAsync("40");
            await socket.ReadAsync();
            sums["carillon.socketio.connections/polling"].ShouldBe(0);
            sums["carillon.socketio.connections/websocket"].ShouldBe(1);
            sums["carillon.socketio.frames.sent"].ShouldBeGreaterThanOrEqualTo(3);
            sums["carillon.socketio.bytes.sent"].ShouldBeGreaterThan(sums["carillon.socketio.frames.sent"]);
        }

        await Eventually.BeTrueAsync(() => sums["carillon.socketio.connections/websocket"] == 0);
    }
}
