using System.Reflection;
using Xunit.Sdk;
using Xunit.v3;

namespace Carillon.Interop.Tests.Clients;

/// <summary>Runs a scenario once for each <see cref="ClientKind"/>.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class EveryClientAttribute : DataAttribute
{
    public override ValueTask<IReadOnlyCollection<ITheoryDataRow>> GetData(MethodInfo testMethod, DisposalTracker disposalTracker) =>
        new([.. Enum.GetValues<ClientKind>().Select(kind => new TheoryDataRow<ClientKind>(kind))]);

    public override bool SupportsDiscoveryEnumeration() => true;
}
