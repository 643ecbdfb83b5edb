namespace Carillon.Engines;

/// <summary>What is kept of a topic: every offset from the first to the last.</summary>
/// <param name="Epoch">Names this history; another one has other messages under the same offsets.</param>
/// <param name="FirstOffset">The oldest message that is kept; one more than <paramref name="LastOffset"/> when none is.</param>
/// <param name="LastOffset">The newest message there ever was; 0 before the first.</param>
public sealed record TopicHistory(string Epoch, long FirstOffset, long LastOffset);
