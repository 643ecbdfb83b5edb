using System.Text;
using Carillon.SocketIO.Packets;
using Shouldly;
using Xunit;

namespace Carillon.SocketIO.Tests.Packets;

public sealed class PacketDataTests
{
    [Fact]
    public void Elements_are_found_as_they_were_sent()
    {
        const string json = """[ "a" , 1e400,[1,[2]], {"x" : "],"} ,null,"\u00fc\n", 12345678901234567890,true,"z"  ] """;
        byte[] bytes = Encoding.UTF8.GetBytes(json);

        JsonSlice[] found = PacketData.FindElements(bytes).ShouldNotBeNull();

        found.Select(slice => Encoding.UTF8.GetString(bytes, slice.Start, slice.Length)).ShouldBe(
            ["\"a\"", "1e400", "[1,[2]]", "{\"x\" : \"],\"}", "null", "\"\\u00fc\\n\"", "12345678901234567890", "true", "\"z\""]);
    }

    [Theory]
    [InlineData("")]
    [InlineData("{}")]
    [InlineData("1")]
    [InlineData("[")]
    [InlineData("[1")]
    [InlineData("[1,]")]
    [InlineData("[1]x")]
    [InlineData("[1][2]")]
    [InlineData("['a']")]
    public void Data_that_is_no_array_is_refused(string json) => PacketData.FindElements(Encoding.UTF8.GetBytes(json)).ShouldBeNull();

    [Fact]
    public void Deep_nesting_is_the_applications_to_bound()
    {
        string deep = string.Concat(Enumerable.Repeat("[", 500)) + string.Concat(Enumerable.Repeat("]", 500));
        string endless = new('[', 100_000);

        PacketData.FindElements(Encoding.UTF8.GetBytes(deep)).ShouldNotBeNull();
        PacketData.FindElements(Encoding.UTF8.GetBytes(endless)).ShouldBeNull();
    }

    [Theory]
    [InlineData("\"subscribe\"", true)]
    [InlineData("\"\"", true)]
    [InlineData("12", true)]
    [InlineData("null", false)]
    [InlineData("{}", false)]
    [InlineData("\"connect\"", false)]
    [InlineData("\"connect_error\"", false)]
    [InlineData("\"disconnect\"", false)]
    [InlineData("\"disconnecting\"", false)]
    [InlineData("\"newListener\"", false)]
    [InlineData("\"removeListener\"", false)]
    public void Event_name_is_a_string_that_is_not_reserved_or_a_number(string element, bool allowed) =>
        PacketData.IsEventName(Encoding.UTF8.GetBytes(element)).ShouldBe(allowed);

    [Theory]
    [InlineData("{}", true)]
    [InlineData("{\"a\":[1]}", true)]
    [InlineData("[]", false)]
    [InlineData("{} {}", false)]
    [InlineData("{\"a\"", false)]
    [InlineData("null", false)]
    public void Object_is_told_from_other_json(string json, bool expected) => PacketData.IsObject(Encoding.UTF8.GetBytes(json)).ShouldBe(expected);
}
