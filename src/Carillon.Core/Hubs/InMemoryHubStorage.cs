using Carillon.Consumers.InMemory;
using Carillon.Engines;
using Carillon.Engines.InMemory;

namespace Carillon.Hubs;

/// <summary>Keeps each hub in memory, as long as the process lives.</summary>
/// <param name="time">The engines' clock.</param>
public sealed class InMemoryHubStorage(TimeProvider time) : IHubStorage
{
    /// <inheritdoc/>
    public HubStores Open(string hub, EngineOptions options) => new(new InMemoryTopicEngine(options, time), new InMemoryConsumerStore());
}
