using Carillon.Channels;
using Carillon.Channels.InMemory;
using Microsoft.Extensions.Logging;
using Shouldly;
using Xunit;

namespace Carillon.AspNetCore.Tests.Channels;

/// <summary>Several servers that share a membership, and one that fails.</summary>
public sealed class ChannelNodesTests
{
    [Fact]
    public async Task Channel_is_one_over_all_nodes_and_loses_those_of_a_node_that_ends()
    {
        var membership = new InMemoryChannelMembership();
        ChannelApplication a = await ChannelApplication.StartAsync(held: true, membership: membership);
        await using ChannelApplication b = await ChannelApplication.StartAsync(held: true, membership: membership);
        await using ChannelClient onB = await b.ConnectAsync();
        await using ChannelClient elsewhere = await b.ConnectAsync("elsewhere");
        (await onB.NextAsync()).Count.ShouldBe(1);

        ChannelClient onA = await a.ConnectAsync();
        (await onA.NextAsync()).Count.ShouldBe(2);
        (await onB.NextAsync()).Count.ShouldBe(2);
        ChannelClient another = await a.ConnectAsync();
        (await onB.NextAsync()).Count.ShouldBe(3);
        await another.DisposeAsync();
        (await onB.NextAsync()).Count.ShouldBe(2);

        await a.DisposeAsync();

        (await onB.NextAsync()).Count.ShouldBe(1);
        b.Stage.Generations.ShouldBe(6); // Five of the lobby, one elsewhere.
        await onA.DisposeAsync();
    }

    [Fact]
    public async Task Departures_at_other_nodes_send_nothing_where_that_is_switched_off()
    {
        var membership = new InMemoryChannelMembership();
        await using ChannelApplication a = await ChannelApplication.StartAsync(held: true, membership: membership);
        await using ChannelApplication b = await ChannelApplication.StartAsync(held: true, static options => options.SendOnDisconnect = false, membership: membership);
        await using ChannelClient onB = await b.ConnectAsync();
        await onB.NextAsync();
        ChannelClient goes = await a.ConnectAsync();
        await onB.UntilCountAsync(2);
        await goes.DisposeAsync();
        await b.CountShouldBecomeAsync(1);

        await using ChannelClient comes = await a.ConnectAsync();

        (await onB.NextAsync()).ShouldBe(new Stage.Seen("lobby", 2, 3));
    }

    [Fact]
    public async Task Client_that_cannot_be_entered_is_told_to_try_again_and_the_others_stay()
    {
        var membership = new FaultyMembership();
        await using ChannelApplication app = await ChannelApplication.StartAsync(held: true, membership: membership);
        await using ChannelClient stays = await app.ConnectAsync();
        (await stays.NextAsync()).Count.ShouldBe(1);

        membership.IsBroken = true;
        await using ChannelClient refused = await app.ConnectAsync();
        (await refused.ClosedAsync()).Code.ShouldBe(1011);
        await refused.DisposeAsync();
        await Eventually.ShouldAsync(() => app.Log.Entries.Count == 2);
        membership.IsBroken = false;

        await using ChannelClient comes = await app.ConnectAsync();
        (await stays.NextAsync()).Count.ShouldBe(2);
        app.Log.Entries.Select(static entry => entry.Level).ShouldBe([LogLevel.Error, LogLevel.Warning]);
    }

    private sealed class FaultyMembership : IChannelMembership
    {
        private readonly InMemoryChannelMembership _inner = new();

        public bool IsBroken { get; set; }

        public IChannelRoster Open(string sockets, IChannelWatcher watcher) => new Roster(this, _inner.Open(sockets, watcher));

        private sealed class Roster(FaultyMembership membership, IChannelRoster inner) : IChannelRoster
        {
            private IChannelRoster Inner => membership.IsBroken ? throw new IOException("the store cannot be reached") : inner;

            public ValueTask JoinAsync(string channel, string connection, CancellationToken cancellation) => Inner.JoinAsync(channel, connection, cancellation);

            public ValueTask LeaveAsync(string channel, string connection, CancellationToken cancellation) => Inner.LeaveAsync(channel, connection, cancellation);

            public ValueTask<int> CountAsync(string channel, CancellationToken cancellation) => Inner.CountAsync(channel, cancellation);

            public ValueTask<IReadOnlyList<string>> ListAsync(string channel, CancellationToken cancellation) => Inner.ListAsync(channel, cancellation);

            public ValueTask DisposeAsync() => inner.DisposeAsync();
        }
    }
}
