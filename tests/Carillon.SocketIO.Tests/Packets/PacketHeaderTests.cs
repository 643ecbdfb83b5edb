using System.Text;
using Carillon.SocketIO.Packets;
using Shouldly;
using Xunit;

namespace Carillon.SocketIO.Tests.Packets;

public sealed class PacketHeaderTests
{
    [Theory]
    [InlineData("0", '0', 0, "", -1, "")]
    [InlineData("0{\"a\":1}", '0', 0, "", -1, "{\"a\":1}")]
    [InlineData("0/admin", '0', 0, "/admin", -1, "")]
    [InlineData("0/admin,{}", '0', 0, "/admin", -1, "{}")]
    [InlineData("1/admin,", '1', 0, "/admin", -1, "")]
    [InlineData("2[\"a\"]", '2', 0, "", -1, "[\"a\"]")]
    [InlineData("213[\"a\"]", '2', 0, "", 13, "[\"a\"]")]
    [InlineData("2/admin,456[\"a\"]", '2', 0, "/admin", 456, "[\"a\"]")]
    [InlineData("3/admin,0[]", '3', 0, "/admin", 0, "[]")]
    [InlineData("52-/admin,7[\"a\"]", '5', 2, "/admin", 7, "[\"a\"]")]
    [InlineData("61-8[]", '6', 1, "", 8, "[]")]
    public void Header_is_read_with_all_its_parts(string packet, char type, int attachments, string name, long id, string data)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(packet);

        PacketHeader.TryRead(bytes, out PacketHeader header).ShouldBeTrue();

        header.Type.ShouldBe((PacketType)type);
        header.Attachments.ShouldBe(attachments);
        Encoding.UTF8.GetString(bytes[header.Namespace]).ShouldBe(name);
        header.Id.ShouldBe(id);
        Encoding.UTF8.GetString(bytes.AsSpan(header.DataStart)).ShouldBe(data);
    }

    [Theory]
    [InlineData("")]
    [InlineData("7")]
    [InlineData("abc")]
    [InlineData("5[\"a\"]")]
    [InlineData("51[\"a\"]")]
    [InlineData("2999999999999999999999[\"a\"]")]
    public void Packet_that_is_none_is_refused(string packet) => PacketHeader.TryRead(Encoding.UTF8.GetBytes(packet), out _).ShouldBeFalse();
}
