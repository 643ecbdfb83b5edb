using System.Text.RegularExpressions;
using Carillon.Consumers;
using Carillon.Deliveries;
using Carillon.Tests.Hubs;
using Carillon.Topics;
using Carillon.Topics.Patterns;
using Shouldly;
using Xunit;

namespace Carillon.Tests.Topics.Patterns;

public sealed class PatternIndexTests
{
    private static readonly TopicSegments Segments = new();
    private readonly PatternIndex _index = new(Segments);

    [Theory]
    [InlineData("a.*", "a.b", true)]
    [InlineData("a.*", "a", false)]
    [InlineData("a.*", "a.b.c", false)]
    [InlineData("a.>", "a.b.c", true)]
    [InlineData("a.>", "a.b", true)]
    [InlineData("a.>", "a", false)]
    [InlineData(">", "a", true)]
    [InlineData(">", "a.b.c", true)]
    [InlineData("*", "a", true)]
    [InlineData("*", "a.b", false)]
    [InlineData("*.b.>", "a.b.c", true)]
    [InlineData("*.b.>", "a.c.c", false)]
    [InlineData("*.*", "a.", true)]
    [InlineData("a.*.c", "a..c", true)]
    [InlineData("a.*b", "a.xb", false)]
    public void Find_follows_the_wildcards(string pattern, string topic, bool matches)
    {
        Add(pattern);
        Names(topic).Count.ShouldBe(matches ? 1 : 0);
        _index.Matches(TopicName.Create(topic)).ShouldBe(matches);
    }

    [Fact]
    public void Find_agrees_with_regular_expressions_on_random_patterns_and_topics()
    {
        var random = new Random(7);
        List<string> patterns = [.. Enumerable.Range(0, 400).Select(_ => Pattern(random)).Where(p => p.Contains('*', StringComparison.Ordinal) || p.Contains('>', StringComparison.Ordinal)).Distinct()];
        patterns.ForEach(pattern => Add(pattern));
        for (int i = 0; i < 2000; i++)
        {
            string topic = string.Join('.', Enumerable.Range(0, random.Next(1, 5)).Select(_ => $"{(char)('a' + random.Next(3))}"));
            Names(topic).Order(StringComparer.Ordinal).ShouldBe(patterns.Where(pattern => Expression(pattern).IsMatch(topic)).Order(StringComparer.Ordinal), topic);
        }
    }

    [Fact]
    public void Remove_leaves_the_others_and_in_the_end_nothing()
    {
        Subscription first = Add("a.*");
        Subscription second = Add("a.*");
        Subscription third = Add("a.b.>");
        _index.Remove(first);
        _index.Remove(first);
        Names("a.b").ShouldBe(["a.*"]);
        _index.Remove(second);
        Names("a.b.c").ShouldBe(["a.b.>"]);
        _index.Remove(third);
        _index.IsEmpty.ShouldBeTrue();
        Names("a.b.c").ShouldBeEmpty();
    }

    [Fact]
    public void Find_follows_segments_that_became_several_and_one_again()
    {
        Subscription first = Add("a.b.*");
        Subscription second = Add("a.c.*");
        Add("a.d.*");
        Names("a.c.x").ShouldBe(["a.c.*"]);
        _index.Remove(first);
        _index.Remove(second);
        Names("a.c.x").ShouldBeEmpty();
        Names("a.d.x").ShouldBe(["a.d.*"]);
        Add("a.c.>");
        Names("a.c.x").ShouldBe(["a.c.>"]);
    }

    // Clients choose patterns: 1,000 of the longest for each session must stay small.
    [Fact]
    public void Add_of_a_long_pattern_allocates_little_for_each_segment()
    {
        Add(string.Join('.', Enumerable.Repeat("w", TopicSegments.MaxSegments - 1)) + ".*");
        TopicName pattern = TopicName.Create(string.Join('.', Enumerable.Repeat("s", TopicSegments.MaxSegments - 1)) + ".*");
        var subscription = new Subscription(_index, new RecordingSubscriber(new RecordingSubscriber.CountingFormat()), new SubscriptionRecord("s", null, pattern, default), new DeliveryMark());
        long before = GC.GetAllocatedBytesForCurrentThread();
        _index.Add(subscription, replaced: null);
        (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBeLessThan(3_000);
    }

    [Theory]
    [InlineData(16, false)]
    [InlineData(17, true)]
    public void IsTooLong_counts_segments(int segments, bool isTooLong) =>
        Segments.IsTooLong(TopicName.Create(string.Join('.', Enumerable.Repeat("*", segments)))).ShouldBe(isTooLong);

    [Theory]
    [InlineData("a.b", false, false)]
    [InlineData("a*.b", false, false)]
    [InlineData("a.*", true, false)]
    [InlineData("a.>", true, false)]
    [InlineData(">", true, false)]
    [InlineData(">.a", true, true)]
    [InlineData("a.>.b", true, true)]
    public void IsPattern_holds_where_a_whole_segment_is_a_wildcard(string name, bool isPattern, bool isMisplaced)
    {
        Segments.IsPattern(TopicName.Create(name)).ShouldBe(isPattern);
        Segments.IsMisplaced(TopicName.Create(name)).ShouldBe(isMisplaced);
    }

    private static string Pattern(Random random)
    {
        string[] segments = [.. Enumerable.Range(0, random.Next(1, 5)).Select(_ => random.Next(3) == 0 ? "*" : $"{(char)('a' + random.Next(3))}")];
        return string.Join('.', segments) + (random.Next(4) == 0 ? ".>" : string.Empty);
    }

    private static Regex Expression(string pattern) => new(
        "^" + string.Join("\\.", pattern.Split('.').Select(segment => segment switch { "*" => "[^.]*", ">" => ".*", _ => segment })) + "$",
        RegexOptions.None,
        TimeSpan.FromSeconds(1));

    private List<string> Names(string topic)
    {
        var found = new List<Subscription>();
        _index.Find(TopicName.Create(topic), found);
        return [.. found.Select(subscription => subscription.Name.Value)];
    }

    private Subscription Add(string pattern)
    {
        var record = new SubscriptionRecord("s", null, TopicName.Create(pattern), default);
        var subscription = new Subscription(_index, new RecordingSubscriber(new RecordingSubscriber.CountingFormat()), record, new DeliveryMark());
        _index.Add(subscription, replaced: null);
        return subscription;
    }
}
