using System.Net.WebSockets;
using System.Security.Claims;
using System.Text.Json;
using System.Text.RegularExpressions;
using Carillon.Access;
using Carillon.Engines;
using Carillon.Engines.Conformance;
using Carillon.Errors;
using Carillon.Hubs;
using Carillon.Messages;
using Carillon.Rules;
using Carillon.Specs;
using Carillon.Topics;
using Shouldly;
using Xunit;

namespace Carillon.AspNetCore.Tests.WebSockets;

/// <summary>The table of error codes in docs/protocols/websocket.md: each code, in each of the forms that its row names, over a real socket. A row that nothing here causes fails.</summary>
public sealed partial class TopicSocketErrorTests
{
    private const string ErrorForm = "error";
    private const string RefusalForm = "refusal";
    private const string EndedForm = "UNSUBSCRIBED";
    private const string Anna = """ "authorization":{"type":"name","token":"anna"} """;

    private static readonly HubOptions Hub = new()
    {
        Topics =
        [
            Topic.Echo("guarded") with { Subscribers = TopicAccess.Authenticated },
            Topic.Echo("admins") with { Subscribers = TopicAccess.Role("admin") },
            Topic.Echo("annas") with { Subscribers = TopicAccess.Claim(ClaimTypes.Name, "anna") },
            Topic.Echo("typed") with { Spec = FieldSpec.Parse(new Dictionary<string, string> { ["price"] = "number" }) },
            Topic.Echo("small") with { MaxPayloadBytes = 16 },
            Topic.Echo("slow") with { Rate = new PublishRate { Messages = 1, Per = TimeSpan.FromHours(1) } },
        ],
    };

    private static readonly Dictionary<(string Code, string Form), Cause> Causes = new()
    {
        [("invalid_json", ErrorForm)] = Cause.Of("[1]"),
        [("duplicate_key", ErrorForm)] = Cause.Of("""{"type":"PING","deep":[{"k":1,"k":2}]}"""),
        [("missing_field", ErrorForm)] = Cause.Of("""{"type":"SUBSCRIBE"}"""),
        [("invalid_field", ErrorForm)] = Cause.Of("""{"type":"SUBSCRIBE","topics":"t"}"""),
        [("invalid_field", RefusalForm)] = Cause.Of("""{"type":"SUBSCRIBE","topics":["$t"]}"""),
        [("payload_too_large", ErrorForm)] = Cause.Of($$"""{"type":"PUBLISH","topic":"t","message":"{{new string('x', 300_000)}}"}"""),
        [("payload_too_large", RefusalForm)] = Cause.Of("""{"type":"PUBLISH","topic":"small","message":"0123456789abcdef"}"""),
        [("bad_request", ErrorForm)] = new(static async (_, client) =>
        {
            await client.SendAsync("""{"type":"PING"}"""u8.ToArray(), WebSocketMessageType.Binary);
            return await client.NextAsync();
        }),
        [("rule_broken", ErrorForm)] = new(static async (application, client) =>
        {
            await client.AskAsync("""{"type":"SUBSCRIBE","topics":["t"]}""");
            application.Time.Advance(TimeSpan.FromSeconds(1));
            return await client.NextAsync();
        })
        {
            Options = Hub with { Rules = [HubRule.MaxSubscriptions(0)] },
        },
        [("unauthorized", RefusalForm)] = Cause.Of("""{"type":"SUBSCRIBE","topics":["guarded"]}"""),
        [("unauthorized", EndedForm)] = new(static async (application, client) =>
        {
            await client.AskAsync($$"""{"type":"SUBSCRIBE","topics":["guarded"],{{Anna}}}""");
            application.Server.IsRevoked = true;
            application.Time.Advance(TimeSpan.FromSeconds(1));
            return await client.NextAsync();
        }),
        [("forbidden", RefusalForm)] = Cause.Of($$"""{"type":"SUBSCRIBE","topics":["admins"],{{Anna}}}"""),
        [("forbidden", EndedForm)] = new(static async (_, client) =>
        {
            await client.AskAsync($$"""{"type":"AUTHENTICATE",{{Anna}}}""");
            await client.AskAsync("""{"type":"SUBSCRIBE","topics":["annas"]}""");
            return await client.AskAsync("""{"type":"AUTHENTICATE","authorization":{"type":"name","token":"bert"}}""");
        }),
        [("spec_violation", RefusalForm)] = Cause.Of("""{"type":"PUBLISH","topic":"typed","message":{"price":"free"}}"""),
        [("topic_not_found", RefusalForm)] = Cause.Of("""{"type":"SUBSCRIBE","topics":["t"]}""") with { Options = Hub with { UnknownTopics = UnknownTopics.Closed } },
        [("topic_not_found", EndedForm)] = new(static async (application, client) =>
        {
            await client.AskAsync("""{"type":"SUBSCRIBE","topics":["t"]}""");
            await application.Server.Hub.RemoveTopicAsync(TopicName.Create("t"));
            return await client.NextAsync();
        }),
        [("too_many_topics", RefusalForm)] = Cause.Of("""{"type":"PUBLISH","topic":"t","message":1}""") with { Options = Hub with { MaxTopics = Hub.Topics.Count } },
        [("too_many_subscriptions", RefusalForm)] = Cause.Of("""{"type":"SUBSCRIBE","topics":["t"]}""") with { Options = Hub with { MaxSubscriptionsPerSession = 0 } },
        [("rate_limited", RefusalForm)] = new(static async (_, client) =>
        {
            await client.AskAsync("""{"type":"PUBLISH","topic":"slow","message":1}""");
            return await client.AskAsync("""{"type":"PUBLISH","topic":"slow","message":2}""");
        }),
        [("history_gone", EndedForm)] = new(static async (_, client) =>
        {
            await client.AskAsync("""{"type":"PUBLISH","topic":"t","message":1}""");
            JsonElement all = await client.AskAsync("""{"type":"SUBSCRIBE","topics":["t"],"since":"earliest"}""");
            await client.AskAsync("""{"type":"UNSUBSCRIBE","topics":["t"]}""");
            string epoch = all.GetProperty("starts").GetProperty("t").GetProperty("epoch").GetString()!;
            await client.AskAsync($$"""{"type":"SUBSCRIBE","topics":["t"],"since":{"epoch":"{{epoch}}","offset":0} }""");
            return await client.NextAsync();
        })
        {
            Wrap = static engine => new ForgettingEngine(engine),
        },
        [("unavailable", RefusalForm)] = Cause.Refusing(ErrorCode.Unavailable),
        [("outcome_unknown", RefusalForm)] = Cause.Refusing(ErrorCode.OutcomeUnknown),
        [("storage_full", RefusalForm)] = Cause.Refusing(ErrorCode.StorageFull),
        [("internal_error", RefusalForm)] = Cause.Refusing(null),
    };

    /// <summary>What the document says: a code, one of its forms, and the row's whole description of the form.</summary>
    public static TheoryData<string, string, string> Table
    {
        get
        {
            var rows = new TheoryData<string, string, string>();
            string page = File.ReadAllText(Path.Combine(Repository.Root, "docs", "protocols", "websocket.md"));
            foreach (Match row in Row().Matches(page[page.IndexOf("\n## Errors", StringComparison.Ordinal)..]))
            {
                string[] forms = [.. new[] { ErrorForm, RefusalForm, EndedForm }.Where(form => row.Groups["forms"].Value.Contains(form, StringComparison.Ordinal))];
                forms.ShouldNotBeEmpty($"The table says nowhere as what this comes: {row.Value}");
                foreach (Match code in Code().Matches(row.Groups["codes"].Value))
                {
                    Array.ForEach(forms, form => rows.Add(code.Groups["name"].Value, form, row.Groups["forms"].Value));
                }
            }

            return rows;
        }
    }

    [Theory]
    [MemberData(nameof(Table))]
    public async Task Code_of_the_table_comes_as_the_table_says(string code, string form, string description)
    {
        Causes.ShouldContainKey((code, form), "The table says that this can happen, and no test makes it happen");
        Cause cause = Causes[(code, form)];
        var time = new ManualTimeProvider();
        await using TopicSocketApplication application = await TopicSocketApplication.StartAsync(options: cause.Options, wrap: cause.Wrap, time: time);
        await using TopicSocketClient client = await application.ConnectAsync();

        JsonElement answer = await cause.ProvokeAsync(new Setting(application, time), client);

        JsonElement told = form == RefusalForm ? answer.GetProperty("error_details")[0] : answer;
        told.GetProperty("code").GetString().ShouldBe(code);
        told.GetProperty(form == ErrorForm ? "error" : "message").GetString().ShouldNotBeNullOrEmpty();
        switch (form)
        {
            case RefusalForm:
                answer.GetProperty("success").GetArrayLength().ShouldBe(0);
                answer.GetProperty("errors")[0].GetString().ShouldBe(told.GetProperty("message").GetString());
                told.TryGetProperty("retryable", out _).ShouldBe(description.Contains("retryable", StringComparison.Ordinal));
                told.GetProperty("topic").GetString().ShouldNotBeNull();
                break;
            case EndedForm:
                answer.GetProperty("type").GetString().ShouldBe("UNSUBSCRIBED");
                answer.GetProperty("topic").GetString().ShouldNotBeNull();
                break;
        }

        if (description.Contains("then close 1008", StringComparison.Ordinal))
        {
            (await client.ClosedAsync()).Code.ShouldBe(1008);
        }
        else
        {
            // Behind what an AUTHENTICATE may have been answered.
            await client.SendAsync("""{"type":"PING","nonce":"last"}""");
            JsonElement last;
            do
            {
                last = await client.NextAsync();
            }
            while (!last.TryGetProperty("nonce", out _));
        }
    }

    [Fact]
    public void Nothing_is_caused_here_that_the_table_does_not_have() =>
        Causes.Keys.ShouldBe(Table.Select(static row => (row.Data.Item1, row.Data.Item2)), ignoreOrder: true);

    [GeneratedRegex(@"^\| (?<codes>`[a-z_]+`(?:, `[a-z_]+`)*) \| (?<forms>[^|]+) \| [^|]+ \|$", RegexOptions.Multiline | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Row();

    [GeneratedRegex("`(?<name>[a-z_]+)`", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Code();

    private sealed record Setting(TopicSocketApplication Server, ManualTimeProvider Time);

    private sealed record Cause(Func<Setting, TopicSocketClient, Task<JsonElement>> ProvokeAsync)
    {
        public HubOptions Options { get; init; } = Hub;

        public Func<ITopicEngine, ITopicEngine>? Wrap { get; init; }

        public static Cause Of(string command) => new((_, client) => client.AskAsync(command));

        public static Cause Refusing(ErrorCode? code) => Of("""{"type":"PUBLISH","topic":"t","message":1}""") with { Wrap = engine => new RefusingEngine(engine, code) };
    }

    /// <summary>An engine that deletes messages before anybody can read them.</summary>
    private sealed class ForgettingEngine(ITopicEngine engine) : WrappedEngine(engine)
    {
        public override ValueTask<Page<Message>> QueryAsync(MessageQuery query, CancellationToken cancellationToken) => new(new Page<Message>([], null));
    }
}
