using Carillon.Messages;
using Carillon.Topics;

namespace Carillon.Specs;

/// <summary>What is known of a publish when fields are appended to its payload.</summary>
/// <param name="Topic">Where to.</param>
/// <param name="Time">When the server took it in.</param>
/// <param name="Publisher">The publisher's identities; empty when anonymous.</param>
public readonly record struct PublishContext(TopicName Topic, UnixTime Time, IReadOnlyList<string> Publisher);
