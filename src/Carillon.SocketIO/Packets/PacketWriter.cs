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

    /// <summary>A connection was accepted: <c>40[ns,]{"sid":"…"[,"pid":"…"]}</c>.</summary>
    public static Frame Connected(SocketNamespace target, string socketId, string? privateId)
    {
        FrameWriter writer = Begin(PacketType.Connect, target.Prefix);
        writer.Write("{\"sid\":\""u8);
        WriteAscii(writer, socketId);
        if (privateId is not null)
        {
            writer.Write("\",\"pid\":\""u8);
            WriteAscii(writer, privateId);
        }

        writer.Write("\"}"u8);
        return writer.ToFrame();
    }

    /// <summary>A connection was refused: <c>44[ns,]{"message":"…"[,"data":…]}</c>.</summary>
    public static Frame Refused(ReadOnlySpan<byte> prefix, ReadOnlySpan<byte> messageJson, ReadOnlySpan<byte> dataJson)
    {
        FrameWriter writer = Begin(PacketType.ConnectError, prefix);
        writer.Write("{\"message\":"u8);
        writer.Write(messageJson);
        if (!dataJson.IsEmpty)
        {
            writer.Write(",\"data\":"u8);
            writer.Write(dataJson);
        }

        writer.Write("}"u8);
        return writer.ToFrame();
    }

    /// <summary>The server disconnects the socket: <c>41[ns,]</c>.</summary>
    public static Frame Disconnected(SocketNamespace target) => Begin(PacketType.Disconnect, target.Prefix).ToFrame();

    /// <summary>An event: <c>42[ns,][id]["name",…]</c>, or with attachments <c>45n-[ns,][id]["name",…]</c> and then these.</summary>
    public static Frame[] Event(ReadOnlySpan<byte> prefix, in Payload payload, long id, ReadOnlySpan<byte> offset, bool isCompressible) =>
        Encode(PacketType.Event, PacketType.BinaryEvent, prefix, payload, id, offset, isCompressible);

    /// <summary>An acknowledgement: <c>43[ns,]id[…]</c>, or with attachments <c>46n-[ns,]id[…]</c> and then these.</summary>
    public static Frame[] Acknowledgement(ReadOnlySpan<byte> prefix, in Payload payload, long id) =>
        Encode(PacketType.Acknowledgement, PacketType.BinaryAcknowledgement, prefix, payload, id, default, isCompressible: true);

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

    private static Frame[] Encode(
        PacketType plain, PacketType binary, ReadOnlySpan<byte> prefix, in Payload payload, long id, ReadOnlySpan<byte> offset, bool isCompressible)
    {
        ReadOnlySpan<ReadOnlyMemory<byte>> attachments = payload.Attachments;
        FrameWriter writer = Begin(attachments.IsEmpty ? plain : binary, default);
        if (!attachments.IsEmpty)
        {
            WriteNumber(writer, attachments.Length);
            writer.Write("-"u8);
        }

        writer.Write(prefix);
        if (id >= 0)
        {
            WriteNumber(writer, id);
        }

        if (offset.IsEmpty)
        {
            writer.Write(payload.Json);
        }
        else
        {
            writer.Write(payload.Json[..^1]);
            writer.Write(",\""u8);
            writer.Write(offset);
            writer.Write("\"]"u8);
        }

        var frames = new Frame[1 + attachments.Length];
        frames[0] = writer.ToFrame(isBinary: false, isCompressible);
        for (int i = 0; i < attachments.Length; i++)
        {
            frames[i + 1] = Frame.FromBinary(attachments[i].Span);
        }

        return frames;
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

    private static void WriteNumber(FrameWriter writer, long number)
    {
        Utf8Formatter.TryFormat(number, writer.GetSpan(20), out int written);
        writer.Advance(written);
    }

    private static void WriteAscii(FrameWriter writer, string text)
    {
        System.Text.Encoding.ASCII.GetBytes(text, writer.GetSpan(text.Length));
        writer.Advance(text.Length);
    }
}
