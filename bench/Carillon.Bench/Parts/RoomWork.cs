using Carillon.Bench.Load;

namespace Carillon.Bench.Parts;

/// <summary>A line of work of the side-by-side benchmark.</summary>
/// <param name="Scenario">Who receives what.</param>
/// <param name="Rate">Deliveries/s offered; 0 for as many as go.</param>
/// <param name="NeverReading">So many more members never read; null where the work is not about them.</param>
internal sealed record RoomWork(RoomScenario Scenario, int Rate, int? NeverReading = null)
{
    /// <summary>The number of members that the goals are about.</summary>
    public const int Reference = 1000;

    /// <summary>Members that never read.</summary>
    private const int Deaf = 10;

    /// <summary>As it stands in the table; the same for equal work.</summary>
    public string Name => (Rate > 0 ? $"{Scenario}, {Rate:N0}/s offered" : $"{Scenario}, window {Scenario.Window:N0}") + Company;

    /// <summary>The name of the work to connect and hold idle connections.</summary>
    public static string Idle(int connections) => $"{connections:N0} idle connections";

    private string Company => NeverReading switch
    {
        null => "",
        0 => ", quiet",
        int count => $", beside {count:N0} that never read",
    };

    /// <summary>The work by which the neighbours of clients that never read are judged: without any of those, then with them.</summary>
    public static RoomWork[] Neighbours(int rate)
    {
        RoomScenario scenario = new(1, Reference, 128);
        return [new(scenario, rate, 0), new(scenario, rate, Deaf)];
    }

    /// <summary>When messages are published.</summary>
    public IPace Pace() => Rate > 0 ? new FixedRate((double)Rate / Scenario.Members, Scenario.MostUnderWay) : new ClosedWindow(Scenario.Window);
}
