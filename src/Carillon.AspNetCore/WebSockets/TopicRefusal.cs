using Carillon.Errors;

namespace Carillon.AspNetCore.WebSockets;

/// <summary>Something that a command asked for and that was refused.</summary>
/// <param name="Topic">The topic it was about, as the client named it; null if it was about none.</param>
/// <param name="Error">Why.</param>
internal readonly record struct TopicRefusal(string? Topic, Error Error);
