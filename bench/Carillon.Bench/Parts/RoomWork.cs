using Carillon.Bench.Load;

namespace Carillon.Bench.Parts;

/// <summary>A line of work of the side-by-side benchmark.</summary>
/// <param name="Scenario">Who receives what.</param>
/// <param name="Rate">Deliveries/s offered; 0 for as many as go.</param>
internal sealed record RoomWork(RoomScenario Scenario, int Rate)
{
    /// <summary>The number of members that the goals are about.</summary>
    public const int Reference = 1000;

    /// <summary>As it stands in the table; the same for equal work.</summary>
    public string Name => Rate > 0 ? $"{Scenario}, {Rate:N0}/s offered" : $"{Scenario}, window {Scenario.Window:N0}";

    /// <summary>The name of the work to connect and hold idle connections.</summary>
    public static string Idle(int connections) => $"{connections:N0} idle connections";

    /// <summary>When messages are published.</summary>
    public IPace Pace() => Rate > 0 ? new FixedRate((double)Rate / Scenario.Members, Scenario.MostUnderWay) : new ClosedWindow(Scenario.Window);
}
