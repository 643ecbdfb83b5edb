using System.Globalization;
using System.Text;
using Carillon.Connections;
using Carillon.SocketIO.Json;
using Carillon.SocketIO.Packets;
using FsCheck;
using FsCheck.Fluent;
using Shouldly;
using Xunit;

namespace Carillon.SocketIO.Tests.Properties;

public sealed class PacketPropertyTests
{
    private static readonly Config Thorough = Config.QuickThrowOnFailure.WithMaxTest(1000).WithQuietOnSuccess(true);
    private static readonly string[] Prefixes = ["", "/a,", "/admin-1,", "/é😀,", "/12,", "/a/b,", "/[\"x\"],"];
    private static readonly long[] Ids = [PacketHeader.NoId, 0, 7, 123_456, 999_999_999_999_999];

    [Fact]
    public void Event_is_read_as_it_was_written() => Check.One(Thorough, Prop.ForAll<NonNull<string>, string[], byte[][]>(static (name, texts, attachments) =>
    {
        texts ??= [];
        attachments ??= [];
        string prefix = Prefixes[texts.Length % Prefixes.Length];
        long id = Ids[(texts.Length + attachments.Length) % Ids.Length];

        Frame[] frames = Write(prefix, name.Get, texts, attachments, id);

        ReadOnlySpan<byte> packet = frames[0].Payload.Span[1..];
        PacketHeader.TryRead(packet, out PacketHeader header).ShouldBeTrue();
        header.Type.ShouldBe(attachments.Length > 0 ? PacketType.BinaryEvent : PacketType.Event);
        header.Attachments.ShouldBe(attachments.Length);
        header.Id.ShouldBe(id);
        Encoding.UTF8.GetString(packet[header.Namespace]).ShouldBe(prefix.TrimEnd(','));
        byte[] data = packet[header.DataStart..].ToArray();
        JsonSlice[] elements = PacketData.FindElements(data).ShouldNotBeNull();
        elements.Length.ShouldBe(1 + texts.Length + attachments.Length);
        PacketData.IsEventName(Slice(data, elements[0])).ShouldBeTrue();
        PacketData.DecodeName(Slice(data, elements[0])).ShouldBe(AsUtf8(name.Get));
        Placeholders.AreValid(data, attachments.Length).ShouldBeTrue();
        (attachments.Length == 0 || !Placeholders.AreValid(data, attachments.Length - 1)).ShouldBeTrue();
        ReadOnlyMemory<byte>[] received = [.. frames.Skip(1).Select(static frame => frame.Payload)];
        for (int i = 0; i < texts.Length; i++)
        {
            SocketJson.Default.Read<string>(Slice(data, elements[1 + i]), received).ShouldBe(texts[i] is null ? null : AsUtf8(texts[i]));
        }

        for (int i = 0; i < attachments.Length; i++)
        {
            SocketJson.Default.Read<byte[]>(Slice(data, elements[1 + texts.Length + i]), received).ShouldBe(attachments[i]);
        }
    }));

    [Fact]
    public void Header_is_read_as_it_was_written() => Check.One(Thorough, Prop.ForAll<NonNegativeInt, NonNegativeInt, bool>(static (id, attachments, isAcknowledgement) =>
    {
        foreach (string prefix in Prefixes)
        {
            string text = string.Create(CultureInfo.InvariantCulture, $"{(isAcknowledgement ? '6' : '5')}{attachments.Get}-{prefix}{id.Get}[]");

            PacketHeader.TryRead(Encoding.UTF8.GetBytes(text), out PacketHeader header).ShouldBeTrue();

            header.Attachments.ShouldBe(attachments.Get);
            header.Id.ShouldBe(id.Get);
            header.Type.ShouldBe(isAcknowledgement ? PacketType.BinaryAcknowledgement : PacketType.BinaryEvent);
        }
    }));

    [Fact]
    public void Any_text_is_read_or_refused() => Check.One(Thorough, Prop.ForAll<NonNull<string>, NonNull<string>>(static (front, back) =>
    {
        foreach (string text in new[] { front.Get, "2" + front.Get, "2[" + front.Get + "]", $"51-[\"{front.Get}\",{{\"{back.Get}\":1}}]", $"0{{\"{front.Get}\":\"{back.Get}\"}}" })
        {
            byte[] packet = Encoding.UTF8.GetBytes(text);
            if (!PacketHeader.TryRead(packet, out PacketHeader header))
            {
                continue;
            }

            byte[] data = packet[header.DataStart..];
            PacketData.IsObject(data);
            int end = 0;
            foreach (JsonSlice element in PacketData.FindElements(data) ?? [])
            {
                element.Start.ShouldBeGreaterThan(end);
                end = element.Start + element.Length;
                PacketData.IsEventName(Slice(data, element));
                Placeholders.AreValid(data, header.Attachments);
            }

            end.ShouldBeLessThanOrEqualTo(data.Length);
        }
    }));

    [Fact]
    public void Placeholder_is_valid_if_its_number_is_one_of_the_attachments() => Check.One(Thorough, Prop.ForAll<int, NonNegativeInt, NonNegativeInt>(static (number, attachments, depth) =>
    {
        string nested = string.Concat(Enumerable.Repeat("[{\"a\":", depth.Get % 200));
        string close = string.Concat(Enumerable.Repeat("}]", depth.Get % 200));
        string json = string.Create(CultureInfo.InvariantCulture, $"[\"e\",{nested}{{\"x\":[1],\"num\":{number},\"_placeholder\":true}}{close}]");

        Placeholders.AreValid(Encoding.UTF8.GetBytes(json), attachments.Get).ShouldBe(number >= 0 && number < attachments.Get);
    }));

    [Fact]
    public void Packet_cut_off_at_any_byte_closes_at_most_its_own_client() => Check.One(Config.QuickThrowOnFailure.WithMaxTest(30).WithQuietOnSuccess(true), Prop.ForAll<NonNull<string>, string[], byte[][]>(static (name, texts, attachments) =>
    {
        using var log = new RecordedLog();
        SocketIOServer server = DetachedClient.CreateServer(logger: log.CreateLogger("test"));
        server.OnConnection(static socket => socket.On("e", static received => received.Socket.EmitJsonAsync("e", received.ArgumentsJson.Span, [.. received.Attachments])));
        byte[] packet = Write(string.Empty, name.Get, texts ?? [], [.. (attachments ?? []).Take(10)], 1)[0].Payload.ToArray();
        for (int length = 0; length <= packet.Length; length++)
        {
            var client = new DetachedClient(server);
            client.ReceiveAsync("40").AsTask().IsCompletedSuccessfully.ShouldBeTrue();
            byte[] cut = packet[..length];
            if (System.Text.Unicode.Utf8.IsValid(cut)) // A session takes nothing else.
            {
                client.Session.OnWebSocketMessageAsync(cut, isBinary: false).AsTask().IsCompletedSuccessfully.ShouldBeTrue();
                client.Session.IsOpen.ShouldBe(length == packet.Length);
            }

            client.Session.Close(new DisconnectReason(DisconnectCause.TransportClose));
        }

        server.Of("/").SocketCount.ShouldBe(0);
        log.Entries.ShouldNotContain(static entry => entry.Level >= Microsoft.Extensions.Logging.LogLevel.Error);
    }));

    private static Frame[] Write(string prefix, string name, string[] texts, byte[][] attachments, long id)
    {
        using PayloadWriter writer = PayloadWriter.BeginEvent(SocketJson.Default, name);
        foreach (string text in texts)
        {
            writer.Add(text);
        }

        foreach (byte[] attachment in attachments)
        {
            writer.Add(attachment);
        }

        return PacketWriter.Event(Encoding.UTF8.GetBytes(prefix), writer.End(), id, default, isCompressible: true);
    }

    private static ReadOnlySpan<byte> Slice(byte[] data, JsonSlice slice) => data.AsSpan(slice.Start, slice.Length);

    // What is no UTF-16 is replaced on the way.
    private static string AsUtf8(string text) => Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text));
}
