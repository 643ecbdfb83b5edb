using Carillon.Errors;
using Carillon.Topics;
using Shouldly;
using Xunit;

namespace Carillon.Tests.Topics;

public sealed class TopicNameTests
{
    [Theory]
    [InlineData("a")]
    [InlineData("a.b.c")]
    [InlineData("news/été 😀")]
    [InlineData("with space and 'quotes' \"too\"")]
    public void TryCreate_takes_any_text_without_control_characters(string name)
    {
        TopicName.TryCreate(name, "topic", out TopicName topic, out Error? error).ShouldBeTrue(error?.Message);
        topic.Value.ShouldBe(name);
    }

    [Theory]
    [InlineData("", "empty")]
    [InlineData("a\nb", "control")]
    [InlineData("a\0b", "control")]
    [InlineData("a\u007f", "control")]
    [InlineData("a\u0085", "control")]
    [InlineData("$system", "reserved")]
    public void TryCreate_refuses_by_name_of_the_field(string name, string reason)
    {
        TopicName.TryCreate(name, "topic", out _, out Error? error).ShouldBeFalse();

        error.ShouldNotBeNull().Field.ShouldBe("topic");
        error.Message.ShouldContain(reason);
    }

    [Fact]
    public void TryCreate_half_a_surrogate_pair_is_no_text()
    {
        TopicName.TryCreate("a\ud800", "topic", out _, out Error? error).ShouldBeFalse();

        error.ShouldNotBeNull().Message.ShouldContain("surrogate");
    }

    [Fact]
    public void TryCreate_counts_bytes_not_letters()
    {
        TopicName.TryCreate(new string('a', 255), "topic", out _, out _).ShouldBeTrue();
        TopicName.TryCreate(new string('a', 256), "topic", out _, out _).ShouldBeFalse();
        TopicName.TryCreate(new string('é', 127), "topic", out _, out _).ShouldBeTrue();
        TopicName.TryCreate(new string('é', 128), "topic", out _, out _).ShouldBeFalse();
    }
}
