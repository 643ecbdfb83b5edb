using Carillon.Consumers.InMemory;
using Carillon.Engines;
using Carillon.Engines.InMemory;
using Carillon.Errors;
using Carillon.Hubs;
using Carillon.Publishing;
using Carillon.Sessions;
using Carillon.Topics;
using Carillon.Topics.Filters;
using Shouldly;
using Xunit;

namespace Carillon.Tests.Hubs;

/// <summary>A hub that divides names by something else than dots.</summary>
public sealed class SeparatorTests
{
    [Theory]
    [InlineData('*')]
    [InlineData('>')]
    [InlineData('$')]
    [InlineData('a')]
    [InlineData(' ')]
    [InlineData('\0')]
    [InlineData('·')]
    public void Hub_whose_separator_is_none_cannot_be_made(char separator) =>
        Should.Throw<ArgumentException>(() => Open(separator)).Message.ShouldContain("separator");

    [Theory]
    [InlineData('/')]
    [InlineData(':')]
    [InlineData('.')]
    public async Task Hub_divides_patterns_and_filters_by_its_separator_and_by_nothing_else(char separator)
    {
        await using Hub hub = Open(separator, new Topic { Name = Name("filtered"), Filters = [TopicFilter.Custom(static _ => ["red"])] });
        await hub.StartAsync(CancellationToken.None);
        var subscriber = new RecordingSubscriber(new RecordingSubscriber.CountingFormat());
        Session session = hub.OpenSession("s");
        string other = separator == '/' ? ":" : "/";
        foreach (string wanted in new[] { "rooms|*", "deep|>", $"rooms{other}*", "filtered|red" })
        {
            (await session.SubscribeAsync([Name(wanted)], null, subscriber, CancellationToken.None)).ShouldBeNull();
        }

        (await session.SubscribeAsync([Name("deep|>|x")], null, subscriber, CancellationToken.None))!.Code.ShouldBe(ErrorCode.InvalidField);

        foreach (string topic in new[] { "rooms|a", "rooms|a|b", $"rooms{other}a", "deep|a|b", $"rooms{other}*", "filtered" })
        {
            (await hub.PublishAsync(Request(Name(topic)), CancellationToken.None)).Error.ShouldBeNull();
        }

        await subscriber.WaitAsync(4);
        subscriber.Frames.Where(static frame => frame.Contains('#')).ShouldBe(
            new[] { "rooms|a#1", "deep|a|b#1", $"rooms{other}*#1", "filtered#1" }.Select(frame => frame.Replace('|', separator)), ignoreOrder: true);
        (await hub.PublishAsync(Request(Name("rooms|*")), CancellationToken.None)).Error!.Code.ShouldBe(ErrorCode.InvalidField);

        TopicName Name(string name) => TopicName.Create(name.Replace('|', separator));
    }

    private static PublishRequest Request(TopicName topic) => new() { Topic = topic, Payload = "1"u8.ToArray() };

    private static Hub Open(char separator, params Topic[] topics) => new(
        new HubOptions { SegmentSeparator = separator, Topics = topics },
        new InMemoryTopicEngine(new EngineOptions(), TimeProvider.System),
        new InMemoryConsumerStore(),
        TimeProvider.System);
}
