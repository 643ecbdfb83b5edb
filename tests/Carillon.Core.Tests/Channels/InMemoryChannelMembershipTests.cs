using Carillon.Channels;
using Carillon.Channels.InMemory;
using Shouldly;
using Xunit;

namespace Carillon.Core.Tests.Channels;

public sealed class InMemoryChannelMembershipTests
{
    private static readonly CancellationToken None = CancellationToken.None;
    private readonly InMemoryChannelMembership _membership = new();

    [Fact]
    public async Task Rosters_of_one_name_share_their_channels_and_tell_each_other()
    {
        var atA = new Watcher();
        var atB = new Watcher();
        var other = new Watcher();
        IChannelRoster a = _membership.Open("players", atA);
        IChannelRoster b = _membership.Open("players", atB);
        IChannelRoster foreign = _membership.Open("readers", other);

        await a.JoinAsync("lobby", "1", None);
        await b.JoinAsync("lobby", "2", None);
        await foreign.JoinAsync("lobby", "3", None);
        await a.LeaveAsync("lobby", "1", None);
        await a.LeaveAsync("lobby", "1", None);

        (await a.CountAsync("lobby", None)).ShouldBe(1);
        (await a.ListAsync("lobby", None)).ShouldBe(["2"]);
        atA.Changes.ShouldBe([("lobby", ChannelChange.Joined)]);
        atB.Changes.ShouldBe([("lobby", ChannelChange.Joined), ("lobby", ChannelChange.Left)]);
        other.Changes.ShouldBeEmpty();
    }

    [Fact]
    public async Task Dispose_takes_out_what_the_node_entered_and_forgets_empty_channels()
    {
        var atB = new Watcher();
        IChannelRoster a = _membership.Open("players", new Watcher());
        IChannelRoster b = _membership.Open("players", atB);
        await b.JoinAsync("lobby", "1", None);
        await a.JoinAsync("lobby", "2", None);
        await a.JoinAsync("attic", "3", None);

        await a.DisposeAsync();

        (await b.ListAsync("lobby", None)).ShouldBe(["1"]);
        (await b.CountAsync("attic", None)).ShouldBe(0);
        atB.Changes.Count(static change => change.Change == ChannelChange.Left).ShouldBe(2);
        _membership.ChannelCount.ShouldBe(1);
    }

    private sealed class Watcher : IChannelWatcher
    {
        public List<(string Channel, ChannelChange Change)> Changes { get; } = [];

        public void OnChanged(string channel, ChannelChange change) => Changes.Add((channel, change));
    }
}
