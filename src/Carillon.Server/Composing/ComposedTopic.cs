using Carillon.Topics;

namespace Carillon.Server.Composing;

/// <summary>A topic as the settings compose it.</summary>
/// <param name="Topic">The topic.</param>
/// <param name="Source">What it was composed of, as text: equal texts compose equal topics.</param>
/// <param name="Subscribers">Of that, who may subscribe.</param>
internal sealed record ComposedTopic(Topic Topic, string Source, string Subscribers);
