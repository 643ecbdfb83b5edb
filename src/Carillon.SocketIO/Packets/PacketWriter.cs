using System.Buffers;
using System.Buffers.Text;
using System.Text.Json;
using Carillon.Connections;
using Carillon.SocketIO.EngineIO;

namespace Carillon.SocketIO.Packets;

/// <summary>Encodes Socket.IO packets, each in an Engine.IO message packet: socket.io-protocol v5, "Packet encoding".</summary>
internal static class PacketWriter
{
    [ThreadStatic]
    private static FrameWriter? _writer;

    /// <summary>A connection was accepted: <c>40[ns,]{"sid":"…"}</c>.</summary>
    public static Frame Connected(SocketNamespace target, string socketId)
    {
        FrameWriter writer = Begin(PacketType.Connect, target.Prefix);
        writer.Write("{\"sid\":\""u8);
        WriteAscii(writer, socketId);
        writer.Write("\"}"u8);
        return writer.ToFrame();
    }

    /// <summary>A connection was refused: <c>44[ns,]{"message":"…"[,"data":…]}</c>.</summary>
    public static Frame Refused(ReadOnlySpan<byte> prefix, ConnectRefusal refusal)
    {
        FrameWriter writer = Begin(PacketType.ConnectError, prefix);
        writer.Write("{\"message\":\""u8);
        writer.Write(JsonEncodedText.Encode(refusal.Message, SocketIOFrame.Encoder).EncodedUtf8Bytes);
        writer.Write("\""u8);
        if (!refusal.DataJson.IsEmpty)
        {
            writer.Write(",\"data\":"u8);
            writer.Write(refusal.DataJson.Span);
        }

        writer.Write("}"u8);
        return writer.ToFrame();
    }

    /// <summary>The server disconnects the socket: <c>41[ns,]</c>.</summary>
    public static Frame Disconnected(SocketNamespace target) => Begin(PacketType.Disconnect, target.Prefix).ToFrame();

    /// <summary>An acknowledgement: <c>43[ns,]id[…]</c>.</summary>
    public static Frame Acknowledgement(SocketNamespace target, long id, ReadOnlySpan<byte> argumentsJson)
    {
        FrameWriter writer = Begin(PacketType.Acknowledgement, target.Prefix);
        Utf8Formatter.TryFormat(id, writer.GetSpan(20), out int written);
        writer.Advance(written);
        writer.Write("["u8);
        writer.Write(argumentsJson);
        writer.Write("]"u8);
        return writer.ToFrame();
    }

    /// <summary>An event: <c>42[ns,]["name",…]</c>.</summary>
    public static Frame Event(ReadOnlySpan<byte> prefix, JsonEncodedText name, ReadOnlySpan<byte> argumentsJson)
    {
        FrameWriter writer = Begin(PacketType.Event, prefix);
        WriteEventName(writer, name);
        if (!argumentsJson.IsEmpty)
        {
            writer.Write(","u8);
            writer.Write(argumentsJson);
        }

        writer.Write("]"u8);
        return writer.ToFrame();
    }

    public static void WriteHead(FrameWriter writer, PacketType type, ReadOnlySpan<byte> prefix)
    {
        writer.Write([(byte)EnginePacketType.Message, (byte)type]);
        writer.Write(prefix);
    }

    public static void WriteEventName(FrameWriter writer, JsonEncodedText name)
    {
        writer.Write("[\""u8);
        writer.Write(name.EncodedUtf8Bytes);
        writer.Write("\""u8);
    }

    private static FrameWriter Begin(PacketType type, ReadOnlySpan<byte> prefix)
    {
        FrameWriter writer = _writer ??= new FrameWriter();
        writer.Reset();
        WriteHead(writer, type, prefix);
        return writer;
    }

    private static void WriteAscii(FrameWriter writer, string text)
    {
        System.Text.Encoding.ASCII.GetBytes(text, writer.GetSpan(text.Length));
        writer.Advance(text.Length);
    }
}
