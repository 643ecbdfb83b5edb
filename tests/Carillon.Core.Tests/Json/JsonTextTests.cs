using System.Text;
using Carillon.Json;
using Shouldly;
using Xunit;

namespace Carillon.Tests.Json;

public sealed class JsonTextTests
{
    [Theory]
    [InlineData("{ \"a\" :\t[ 1 ,\r\n2 ] }", "{\"a\":[1,2]}")]
    [InlineData("\" a  b \"", "\" a  b \"")]
    [InlineData("{\"a\\\" \": 1}", "{\"a\\\" \":1}")]
    [InlineData("\"\\\\\" ", "\"\\\\\"")]
    [InlineData("1e400", "1e400")]
    [InlineData("  [ ]  ", "[]")]
    public void Compact_takes_white_space_between_tokens_and_nothing_else(string json, string compact) =>
        Encoding.UTF8.GetString(JsonText.Compact(Encoding.UTF8.GetBytes(json))).ShouldBe(compact);

    [Fact]
    public void TryGetString_half_a_surrogate_pair_is_no_text()
    {
        JsonText.TryGetString("\"\\ud800\""u8, out _).ShouldBeFalse();
        JsonText.TryGetString("\"\\ud83d\\ude00\""u8, out string? value).ShouldBeTrue();
        value.ShouldBe("😀");
    }
}
