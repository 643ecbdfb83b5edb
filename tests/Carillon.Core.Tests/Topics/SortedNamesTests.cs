using Carillon.Topics;
using Shouldly;
using Xunit;

namespace Carillon.Tests.Topics;

public sealed class SortedNamesTests
{
    private readonly HashSet<TopicName> _names = [];
    private readonly SortedNames _sorted;
    private int _sorts;

    public SortedNamesTests() => _sorted = new SortedNames(
        () =>
        {
            _sorts++;
            return _names;
        },
        _names.Contains);

    [Fact]
    public void Behind_follows_every_change_and_sorts_once()
    {
        var random = new Random(11);
        for (int round = 0; round < 300; round++)
        {
            for (int change = random.Next(6); change > 0; change--)
            {
                Change($"t{random.Next(40)}", exists: random.Next(2) == 0);
            }

            string after = $"t{random.Next(40)}";
            int limit = random.Next(1, 20);
            _sorted.Behind(after, limit).ShouldBe(_names.Where(name => string.CompareOrdinal(name.Value, after) > 0).OrderBy(name => name.Value, StringComparer.Ordinal).Take(limit));
        }

        _sorts.ShouldBe(1);
    }

    [Fact]
    public void Changes_that_nobody_asks_about_are_not_remembered_without_end()
    {
        _sorted.Behind(string.Empty, 1).ShouldBeEmpty();
        for (int i = 0; i < 25_000; i++)
        {
            Change($"t{i % 10}", exists: i % 3 > 0);
        }

        _sorted.Behind(string.Empty, 100).ShouldBe(_names.OrderBy(name => name.Value, StringComparer.Ordinal));
        _sorts.ShouldBe(2);
    }

    private void Change(string text, bool exists)
    {
        TopicName name = TopicName.Create(text);
        if (exists ? _names.Add(name) : _names.Remove(name))
        {
            _sorted.OnChanged(name);
        }
    }
}
