using Carillon.Messages;
using Carillon.Topics;

namespace Carillon.Consumers;

/// <summary>A live subscription as monitoring sees it: one per session and topic.</summary>
/// <param name="SessionId">The session's id, for Socket.IO the socket's id.</param>
/// <param name="Consumer">The consumer's name; null for a subscriber that gave none.</param>
/// <param name="Topic">What it is subscribed to.</param>
/// <param name="ConnectedAt">Since when.</param>
public sealed record SubscriptionRecord(string SessionId, string? Consumer, TopicName Topic, UnixTime ConnectedAt);
