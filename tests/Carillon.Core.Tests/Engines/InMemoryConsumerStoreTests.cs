using Carillon.Consumers;
using Carillon.Consumers.InMemory;
using Carillon.Engines.Conformance;

namespace Carillon.Tests.Engines;

public sealed class InMemoryConsumerStoreTests : ConsumerStoreConformance
{
    protected override async ValueTask<IConsumerStore> OpenAsync(TimeProvider time)
    {
        var store = new InMemoryConsumerStore();
        await store.StartAsync(CancellationToken.None);
        return store;
    }
}
