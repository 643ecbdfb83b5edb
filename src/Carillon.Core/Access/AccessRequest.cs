using Carillon.Topics;

namespace Carillon.Access;

/// <summary>The question whether somebody may do something with a topic.</summary>
/// <param name="Requester">Who asks.</param>
/// <param name="Topic">Which topic it is; the default value for <see cref="AccessKind.Monitor"/>.</param>
/// <param name="Kind">What is to be done.</param>
public sealed record AccessRequest(Requester Requester, TopicName Topic, AccessKind Kind);
