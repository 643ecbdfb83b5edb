using Shouldly;
using Xunit;

namespace Carillon.Connections.Tests;

public sealed class HeartbeatTests
{
    private readonly ManualTime _time = new();

    [Fact]
    public void Heartbeat_ticks_every_client_at_its_interval()
    {
        using var heartbeat = new Heartbeat(_time, TimeSpan.FromSeconds(1));
        var first = new Client();
        var second = new Client();
        heartbeat.Register(first);
        heartbeat.Register(second);

        _time.Advance(TimeSpan.FromSeconds(3.5));

        first.Ticks.Count.ShouldBe(3);
        second.Ticks.ShouldBe(first.Ticks);
        (first.Ticks[2] - first.Ticks[1]).ShouldBe(heartbeat.ToTimestamp(TimeSpan.FromSeconds(1)));
    }

    [Fact]
    public void Heartbeat_rests_while_it_has_no_clients()
    {
        using var heartbeat = new Heartbeat(_time, TimeSpan.FromSeconds(1));
        _time.RunningTimers.ShouldBe(0);
        var client = new Client();

        heartbeat.Register(client);
        _time.RunningTimers.ShouldBe(1);
        heartbeat.Unregister(client);
        _time.Advance(TimeSpan.FromSeconds(2));
        _time.RunningTimers.ShouldBe(0);
        client.Ticks.ShouldBeEmpty();

        heartbeat.Register(client);
        _time.Advance(TimeSpan.FromSeconds(2));
        client.Ticks.Count.ShouldBe(2);
    }

    [Fact]
    public void Fault_of_one_client_does_not_keep_the_others_from_their_ticks()
    {
        using var heartbeat = new Heartbeat(_time, TimeSpan.FromSeconds(1));
        Client[] clients = [new Client(), new Client { IsFaulty = true }, new Client()];
        foreach (Client client in clients)
        {
            heartbeat.Register(client);
        }

        _time.Advance(TimeSpan.FromSeconds(2));

        clients.ShouldAllBe(static client => client.Ticks.Count == 2);
    }

    private sealed class Client : IHeartbeatClient
    {
        public List<long> Ticks { get; } = [];

        public bool IsFaulty { get; init; }

        public void OnHeartbeat(long now)
        {
            Ticks.Add(now);
            if (IsFaulty)
            {
                throw new InvalidOperationException("as told");
            }
        }
    }
}
