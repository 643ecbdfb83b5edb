using System.Text.RegularExpressions;
using Carillon.Sqlite.Consumers;
using Carillon.Sqlite.Engines;
using Carillon.Sqlite.Schema;
using Microsoft.Data.Sqlite;
using Shouldly;
using Xunit;

namespace Carillon.Sqlite.Tests;

public sealed class QueryPlanTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();
    private readonly SqliteConnection _connection;

    public QueryPlanTests()
    {
        string path = _directory.File("pubsub.db");
        _connection = Raw.Open(path);
        Migrator.Apply(_connection, path, Migration.All, TimeProvider.System);
    }

    public static IEnumerable<TheoryDataRow<string>> Texts => new[]
    {
        MessageSql.AllRows,
        [MessageSql.FirstIdAtTime, MessageSql.FirstIdAfterOffset, MessageSql.LastOffset, MessageSql.AtOffset, MessageSql.IndexedTo],
        ConsumptionReader.AllTexts,
        ConsumerLinkReader.AllTexts,
        SubscriptionReader.AllTexts,
    }.SelectMany(texts => texts).Select(text => new TheoryDataRow<string>(text));

    public void Dispose()
    {
        _connection.Dispose();
        _directory.Dispose();
    }

    [Theory]
    [MemberData(nameof(Texts))]
    public void Query_searches_an_index_in_the_order_asked_for(string text)
    {
        IReadOnlyList<string> plan = Raw.Rows(_connection, "EXPLAIN QUERY PLAN " + text);
        plan.ShouldNotBeEmpty();
        bool ofFewRows = text.Contains("message_id = ?6", StringComparison.Ordinal)
            || (text.Contains("FROM subscriptions", StringComparison.Ordinal) && text.Contains("consumer = ?5", StringComparison.Ordinal));
        plan.ShouldAllBe(step => step.Contains("SEARCH", StringComparison.Ordinal) || (ofFewRows && step.Contains("TEMP B-TREE", StringComparison.Ordinal)));

        // Every name that is asked for narrows the search itself: a range of ids alone would be a scan by another word.
        foreach (Match name in Regex.Matches(text, @"(?<!OR |OR m\.)\b(?<name>topic|producer|consumer|message_id) = \?", RegexOptions.ExplicitCapture, TimeSpan.FromSeconds(1)))
        {
            plan[0].ShouldContain($"{name.Groups["name"].Value}=?");
        }
    }

    [Fact]
    public void Query_by_topic_and_producer_uses_both()
    {
        string text = MessageSql.Rows(MessagePath.TopicProducer, ascending: false);
        Raw.Rows(_connection, "EXPLAIN QUERY PLAN " + text)[0].ShouldContain("topic=? AND producer=? AND rowid>? AND rowid<?");
    }
}
