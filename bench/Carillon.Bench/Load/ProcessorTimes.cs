using Carillon.Bench.Linux;

namespace Carillon.Bench.Load;

/// <summary>Processor time spent, or its reading at one moment.</summary>
/// <param name="Server">By the server.</param>
/// <param name="Generator">By the load generator.</param>
/// <param name="Machine">By everything that runs on the machine, these two included.</param>
internal readonly record struct ProcessorTimes(TimeSpan Server, TimeSpan Generator, TimeSpan Machine)
{
    public static ProcessorTimes operator -(ProcessorTimes end, ProcessorTimes begin) =>
        new(end.Server - begin.Server, end.Generator - begin.Generator, end.Machine - begin.Machine);

    public static ProcessorTimes Now(int serverProcess) =>
        new(ProcessorTime.Of(serverProcess), ProcessorTime.Of(Environment.ProcessId), ProcessorTime.OfMachine());
}
