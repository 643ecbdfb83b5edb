using Carillon.Access;
using Carillon.Hubs;
using Carillon.Server.Composing;
using Carillon.Server.Settings;
using Carillon.Topics.Filters;
using Microsoft.Extensions.Configuration;
using Shouldly;
using Xunit;

namespace Carillon.Server.Tests;

public sealed class HubSettingsTests
{
    [Theory]
    [InlineData("Hubs:main:Path", "chat")]
    [InlineData("Hubs:main:Path", "/{tenant}")]
    [InlineData("Hubs:main:Routes:Events", "/a//b")]
    [InlineData("Hubs:main:Routes:Publish", "")]
    [InlineData("Hubs:main:Routes:Sse", "/x")]
    [InlineData("Hubs:main:UnknownTopics", "Perhaps")]
    [InlineData("Hubs:main:MaxTopics", "0")]
    [InlineData("Hubs:main:SegmentSeparator", "*")]
    [InlineData("Hubs:main:SegmentSeparator", "::")]
    [InlineData("Hubs:main:Database", "x.db")]
    [InlineData("Hubs:main:AllowedOrigins", "*")]
    [InlineData("Hubs:main:Rules:PingInterval", "00:00:00")]
    [InlineData("Hubs:main:Rules:PingInterval", "300")]
    [InlineData("Hubs:main:Rules:SubscriptionFloor:Count", "0")]
    [InlineData("Hubs:main:Rules:SubscriptionFloor:Grace", "-00:00:01")]
    [InlineData("Hubs:main:Rules:SubscriptionCeiling", "-1")]
    [InlineData("Hubs:main:Topics:0:Name", "a.*")]
    [InlineData("Hubs:main:Topics:0:Publishers", "Everyone")]
    [InlineData("Hubs:main:Topics:0:Publishers", "1")]
    [InlineData("Hubs:main:Topics:0:Publishers", "")]
    [InlineData("Hubs:main:Topics:0:Publishers:Policy", "own-room")]
    [InlineData("Hubs:main:Topics:0:Subscribers:ApiKeys", "till")]
    [InlineData("Hubs:main:Topics:0:Subscribers:Roles:0", "")]
    [InlineData("Hubs:main:Topics:0:Subscribers:Claim:Type", "")]
    [InlineData("Hubs:main:Topics:0:Subscribers:Any:0", "Friends")]
    [InlineData("Hubs:main:Topics:0:Subscribers:All:0:Roles", "")]
    [InlineData("Hubs:main:Topics:0:Spec:Fields:id", "int")]
    [InlineData("Hubs:main:Topics:0:Spec:SchemaFile", "no such file")]
    [InlineData("Hubs:main:Topics:0:Append:time", "Now")]
    [InlineData("Hubs:main:Topics:0:Filters:0", "Colour")]
    [InlineData("Hubs:main:Topics:0:MaxPayloadBytes", "300000")]
    [InlineData("Hubs:main:Topics:0:Rate:Messages", "0")]
    [InlineData("Hubs:main:Topics:0:Rate:Per", "00:00:00")]
    [InlineData("Hubs:main:Topics:0:Ephemeral", "1")]
    [InlineData("Hubs:Main_Path:Path", "/x")]
    [InlineData("Tokens:ApiKeys:0:Name", "")]
    [InlineData("Tokens:ApiKeys:0:Hash", "abc")]
    [InlineData("Tokens:Jwt:Keys:0:Algorithm", "none")]
    [InlineData("Tokens:Jwt:ClockSkew", "1.00:00:00")]
    [InlineData("Tokens:Jwt:Audience", "x")]
    [InlineData("Monitors:ApiKeys:0", "")]
    [InlineData("Proxies:Trusted", "127.0.0.1")]
    [InlineData("Proxies:Trusted:0", "10")]
    [InlineData("Proxies:Trusted:0", "proxy.example.org")]
    [InlineData("Proxies:Header", "X-Real-IP:")]
    [InlineData("Proxies:Header", "")]
    [InlineData("ReloadInterval", "00:00:00.01")]
    [InlineData("Topics:a", "x")]
    [InlineData("Port:0", "1")]
    public void Read_a_wrong_setting_of_hubs_or_tokens_is_refused_by_name(string key, string value)
    {
        var values = new Dictionary<string, string?> { [$"Carillon:{key}"] = value };
        values.TryAdd("Carillon:Hubs:main:Topics:0:Name", key.StartsWith("Hubs:main:Topics", StringComparison.Ordinal) ? "a" : null);
        IReadOnlyList<string> problems = Plan(values.Where(pair => pair.Value is not null).ToDictionary()).Problems;

        problems.ShouldNotBeEmpty();
        string all = string.Join('\n', problems);
        foreach (string part in key.Split(':').Where(part => !int.TryParse(part, out _) && part is not ("id" or "time")))
        {
            all.ShouldContain(part);
        }
    }

    [Theory]
    [InlineData("a/*", "/", false)]
    [InlineData("a.*", "/", true)]
    [InlineData("a/*", ".", true)]
    public void Read_a_topic_with_a_wildcard_between_the_hubs_separators_is_refused(string name, string separator, bool isFine) =>
        Plan(new() { ["Carillon:Hubs:main:SegmentSeparator"] = separator, ["Carillon:Hubs:main:Topics:0:Name"] = name }).Problems.Count.ShouldBe(isFine ? 0 : 1);

    [Fact]
    public void Read_a_secret_where_settings_should_be_is_not_repeated()
    {
        IReadOnlyList<string> problems = Plan(new() { ["Carillon:Tokens:ApiKeys:0"] = "s3cret", ["Carillon:Tokens:Jwt:Keys"] = "s3cret" }).Problems;

        problems.ShouldBe(["Carillon:Tokens:ApiKeys:0 must hold settings", "Carillon:Tokens:Jwt:Keys must be a list"], ignoreOrder: true);
    }

    [Fact]
    public void Read_settings_of_the_only_hub_beside_hubs_are_refused()
    {
        IReadOnlyList<string> problems = Plan(new() { ["Carillon:Hubs:main:Path"] = "/", ["Carillon:MaxTopics"] = "5", ["Carillon:Database"] = "x.db" }).Problems;

        problems.ShouldBe(
        [
            "Carillon:MaxTopics is a setting of one hub; with Hubs it stands in Carillon:Hubs:<name>",
            "Carillon:Database is for the only hub; the folder for the files of Hubs is DataFolder",
        ]);
    }

    [Theory]
    [InlineData("/", "/events")]
    [InlineData("/b", "/b/publish")]
    public void Read_hubs_on_the_same_route_are_refused(string path, string route)
    {
        IReadOnlyList<string> problems = Plan(new()
        {
            ["Carillon:Hubs:a:Path"] = path,
            ["Carillon:Hubs:a:Routes:WebSocket"] = "off",
            ["Carillon:Hubs:b:Path"] = path,
            ["Carillon:Hubs:b:Routes:WebSocket"] = "/ws",
            ["Carillon:Hubs:b:Routes:Events"] = path == "/" ? "/events" : "/e",
            ["Carillon:Hubs:b:Routes:Publish"] = path == "/" ? "/p" : "/publish",
        }).Problems;

        problems.ShouldBe([$"Carillon:Hubs:b would answer on {route}, where hub 'a' does; give it another Path, or other Routes"]);
    }

    [Fact]
    public void Read_the_floor_above_the_ceiling_is_refused()
    {
        IReadOnlyList<string> problems = Plan(new()
        {
            ["Carillon:Rules:SubscriptionFloor:Count"] = "3",
            ["Carillon:Rules:SubscriptionCeiling"] = "2",
        }).Problems;

        problems.ShouldBe(["Carillon:Rules:SubscriptionFloor:Count must not be above SubscriptionCeiling: no client could keep to both"]);
    }

    [Fact]
    public void Plan_of_nothing_is_one_open_hub()
    {
        ServerPlan plan = Plan([]).Plan.ShouldNotBeNull();

        HubPlan hub = plan.Hubs.ShouldHaveSingleItem();
        hub.Name.ShouldBeNull();
        hub.Topics.ShouldBeEmpty();
        hub.Settings.ToOptions().Monitors.ShouldBeNull();
        hub.Settings.ToOptions().Rules.ShouldBeEmpty();
        plan.Settings.Tokens.ShouldBeNull();
    }

    [Fact]
    public void Plan_of_a_hub_is_closed_by_default_and_its_topics_are_composed_as_told()
    {
        HubPlan hub = Plan(new()
        {
            ["Carillon:Hubs:main:Topics:0:Name"] = "orders",
            ["Carillon:Hubs:main:Topics:0:Publishers"] = "nobody",
            ["Carillon:Hubs:main:Topics:0:Subscribers:Any:0"] = "ApiKey",
            ["Carillon:Hubs:main:Topics:0:Subscribers:Any:1:All:0:Roles:0"] = "clerk",
            ["Carillon:Hubs:main:Topics:0:Subscribers:Any:1:All:1:Claim:Type"] = "shop",
            ["Carillon:Hubs:main:Topics:0:Filters:0"] = "PublisherIdentity",
            ["Carillon:Hubs:main:Topics:0:Rate:Messages"] = "5",
            ["Carillon:Hubs:main:Topics:0:Rate:Burst"] = "9",
            ["Carillon:Hubs:main:Topics:0:RetainLast"] = "true",
            ["Carillon:Hubs:main:Topics:0:Retention:MaxCount"] = "3",
            ["Carillon:Hubs:main:Topics:0:MaxPayloadBytes"] = "100",
            ["Carillon:Hubs:main:Topics:0:Append:at"] = "ServerTime",
        }).Plan.ShouldNotBeNull().Hubs.ShouldHaveSingleItem();

        hub.Name.ShouldBe("main");
        hub.Settings.ToOptions().UnknownTopics.ShouldBe(UnknownTopics.Closed);
        hub.Settings.ToOptions().Monitors.ShouldBeSameAs(TopicAccess.Nobody);
        Topics.Topic topic = hub.Topics.ShouldHaveSingleItem().Topic;
        topic.Publishers.ShouldBeSameAs(TopicAccess.Nobody);
        topic.Subscribers.Words.ShouldBe("applications with an API key or the role 'clerk' who are also the claim 'shop'");
        topic.Filters.ShouldBe([TopicFilter.PublisherIdentity]);
        topic.Rate.ShouldBe(new() { Messages = 5, Burst = 9 });
        topic.RetainLast.ShouldBeTrue();
        topic.MaxPayloadBytes.ShouldBe(100);
        topic.Appended.ShouldNotBeNull().Names.ShouldBe(["at"]);
        hub.EngineOptions.RetentionOf(topic.Name).MaxCount.ShouldBe(3);
    }

    [Theory]
    [InlineData("Publishers", "Nobody", "Anyone")]
    [InlineData("Subscribers:Any:0", "ApiKey", "Authenticated")]
    [InlineData("Rate:Messages", "1", "2")]
    [InlineData("Spec:Fields:id", "integer", "number")]
    [InlineData("Append:at", "ServerTime", null)]
    public void Plan_of_another_setting_is_another_topic(string key, string before, string? after)
    {
        string SourceOf(string? value) => Plan(new() { ["Carillon:Topics:0:Name"] = "a", [value is null ? "Carillon:Port" : $"Carillon:Topics:0:{key}"] = value ?? "1" })
            .Plan.ShouldNotBeNull().Hubs[0].Topics[0].Source;

        SourceOf(before).ShouldBe(SourceOf(before));
        SourceOf(after).ShouldNotBe(SourceOf(before));
    }

    private static (ServerPlan? Plan, IReadOnlyList<string> Problems) Plan(Dictionary<string, string?> values)
    {
        (ServerSettings? settings, IReadOnlyList<string> problems) = SettingsReader.Read(new ConfigurationBuilder().AddInMemoryCollection(values).Build());
        return settings is null ? (null, problems) : ServerPlan.Create(settings);
    }
}
