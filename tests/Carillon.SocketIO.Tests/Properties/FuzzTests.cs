using Carillon.Fuzz;
using Shouldly;
using Xunit;

namespace Carillon.SocketIO.Tests.Properties;

public sealed class FuzzTests
{
    /// <summary>Half a minute in all; a longer run is <c>fuzz.sh</c>.</summary>
    private static readonly TimeSpan Each = TimeSpan.FromSeconds(10);

    public static TheoryData<string> Targets => [.. FuzzTarget.CreateAll().Select(static target => target.Name)];

    [Theory]
    [MemberData(nameof(Targets))]
    public void Mutated_input_is_taken_without_fault_hang_or_much_memory(string target)
    {
        FuzzReport report = new FuzzRun(FuzzTarget.CreateAll().Single(known => known.Name == target), seed: 1).Run(long.MaxValue, Each);

        report.Finding.ShouldBeNull();
        report.Executions.ShouldBeGreaterThan(1000);
    }
}
