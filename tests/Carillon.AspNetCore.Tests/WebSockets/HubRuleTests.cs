using System.Text.Json;
using Carillon.Errors;
using Carillon.Hubs;
using Carillon.Rules;
using Shouldly;
using Xunit;

namespace Carillon.AspNetCore.Tests.WebSockets;

/// <summary>Rules of a hub: the broken one is told, then the client is disconnected.</summary>
public sealed class HubRuleTests
{
    private static readonly TimeSpan Short = TimeSpan.FromMilliseconds(300);

    [Fact]
    public Task Who_does_not_ping_is_told_and_disconnected() => BreakAsync(HubRule.PingInterval(Short), "ping", null);

    [Fact]
    public Task Who_does_not_subscribe_in_time_is_told_and_disconnected() => BreakAsync(HubRule.MinSubscriptions(2, Short), "at least 2", """{"type":"SUBSCRIBE","topics":["a"]}""");

    [Fact]
    public Task Who_has_too_many_subscriptions_is_told_and_disconnected() => BreakAsync(HubRule.MaxSubscriptions(1), "at most 1", """{"type":"SUBSCRIBE","topics":["a","b"]}""");

    [Fact]
    public Task A_rule_of_ones_own_is_checked_as_well() => BreakAsync(new Refusing(), "own rule", null);

    [Fact]
    public async Task Over_SocketIO_too_the_broken_rule_is_told_before_the_end()
    {
        await using HubApplication application = await HubApplication.StartAsync(new HubOptions { Rules = [HubRule.PingInterval(Short), HubRule.MinSubscriptions(1, Short)] });
        await using SocketClient client = await SocketClient.ConnectAsync(application);
        (await client.NextEventAsync()).ShouldBe(
            """["rule_broken",{"error":"A client must hold at least 1 subscription; it held fewer for more than 0.3 seconds","code":"rule_broken"}]""");
        await client.DisconnectedAsync();
        await client.ClosedAsync();
    }

    [Fact]
    public async Task Who_keeps_to_the_rules_stays()
    {
        IHubRule[] rules = [HubRule.PingInterval(TimeSpan.FromSeconds(20)), HubRule.MinSubscriptions(1, TimeSpan.FromSeconds(20)), HubRule.MaxSubscriptions(1), new Counting()];
        await using TopicSocketApplication application = await TopicSocketApplication.StartAsync(options: new HubOptions { Rules = rules });
        await using TopicSocketClient client = await application.ConnectAsync();
        await client.AskAsync("""{"type":"SUBSCRIBE","topics":["a"]}""");
        await ((Counting)rules[3]).Twice.Task.WaitAsync(TimeSpan.FromSeconds(30));
        (await client.AskAsync("""{"type":"PING"}""")).GetProperty("type").GetString().ShouldBe("PONG");
    }

    private static async Task BreakAsync(IHubRule rule, string expected, string? command)
    {
        await using TopicSocketApplication application = await TopicSocketApplication.StartAsync(options: new HubOptions { Rules = [rule] });
        await using TopicSocketClient client = await application.ConnectAsync();
        if (command is not null)
        {
            await client.AskAsync(command);
        }

        JsonElement told = await client.NextAsync();
        told.GetProperty("error").GetString()!.ShouldContain(expected);
        told.GetProperty("code").GetString().ShouldBe("rule_broken");
        (await client.ClosedAsync()).Code.ShouldBe(1008);
    }

    private sealed class Refusing : IHubRule
    {
        public Error? Check(in ClientState client) => new(ErrorCode.RuleBroken, "It is an own rule");
    }

    private sealed class Counting : IHubRule
    {
        private int _checks;

        public TaskCompletionSource Twice { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Error? Check(in ClientState client)
        {
            if (++_checks == 2)
            {
                Twice.TrySetResult();
            }

            return null;
        }
    }
}
