using Carillon.Consumers.InMemory;
using Carillon.Engines;
using Carillon.Engines.InMemory;

namespace Carillon.Hubs;

/// <summary>Keeps each hub in memory, as long as the process lives.</summary>
/// <param name="time">The engines' clock.</param>
public sealed class InMemoryHubStorage(TimeProvider time) : IHubStorage
{
    /// <summary>
    /// What is kept of each topic where nothing else is said, as memory ends sooner than a disk: 100,000 messages, 64 MiB of payload. A topic that is composed with
    /// <see cref="Retention.Everything"/> as its own has no bound.
    /// </summary>
    public static Retention DefaultRetention { get; } = new() { MaxCount = 100_000, MaxBytes = 64 * 1024 * 1024 };

    /// <inheritdoc/>
    public HubStores Open(string hub, EngineOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        EngineOptions bounded = options.Retention.KeepsEverything ? options with { Retention = DefaultRetention } : options;
        return new HubStores(new InMemoryTopicEngine(bounded, time), new InMemoryConsumerStore());
    }
}
