using System.Text.Json;
using Carillon.Connections;

namespace Carillon.SocketIO.EngineIO;

/// <summary>The first packet of a session: engine.io-protocol v4, "Handshake".</summary>
internal static class OpenPacket
{
    public static Frame Encode(string sessionId, bool canUpgrade, EngineIOOptions options)
    {
        using var writer = new FrameWriter();
        writer.GetSpan(1)[0] = (byte)EnginePacketType.Open;
        writer.Advance(1);
        using var json = new Utf8JsonWriter(writer);
        json.WriteStartObject();
        json.WriteString("sid"u8, sessionId);
        json.WriteStartArray("upgrades"u8);
        if (canUpgrade)
        {
            json.WriteStringValue("websocket"u8);
        }

        json.WriteEndArray();
        json.WriteNumber("pingInterval"u8, (long)options.PingInterval.TotalMilliseconds);
        json.WriteNumber("pingTimeout"u8, (long)options.PingTimeout.TotalMilliseconds);
        json.WriteNumber("maxPayload"u8, options.MaxHttpBufferSize);
        json.WriteEndObject();
        json.Flush();
        return writer.ToFrame();
    }
}
