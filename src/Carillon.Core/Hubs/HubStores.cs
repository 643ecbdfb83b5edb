using Carillon.Consumers;
using Carillon.Engines;

namespace Carillon.Hubs;

/// <summary>What a hub keeps its things in, and disposes.</summary>
/// <param name="Engine">Its messages and topics.</param>
/// <param name="Consumers">Its subscriptions and consumptions.</param>
public sealed record HubStores(ITopicEngine Engine, IConsumerStore Consumers);
