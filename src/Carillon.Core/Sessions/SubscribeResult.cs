using Carillon.Errors;
using Carillon.Resuming;
using Carillon.Topics;

namespace Carillon.Sessions;

/// <summary>The outcome of a subscribe: all of it succeeded, or nothing, or, where each topic was for itself, what <see cref="Refusals"/> leaves.</summary>
/// <param name="Error">Why nothing was subscribed to; null when all was.</param>
/// <param name="Starts">Where the subscriptions begin that asked for messages since some point.</param>
public sealed record SubscribeResult(Error? Error, IReadOnlyDictionary<TopicName, Start> Starts)
{
    private static readonly Dictionary<TopicName, Start> None = [];
    private static readonly Dictionary<TopicName, Error> NoRefusals = [];

    /// <summary>The topics that were not subscribed to although others were, and why; empty unless <see cref="SubscribeRequest.EachByItself"/>.</summary>
    public IReadOnlyDictionary<TopicName, Error> Refusals { get; init; } = NoRefusals;

    /// <summary>Everything was subscribed to, from now on.</summary>
    public static SubscribeResult Live { get; } = new(null, None);

    /// <summary>Nothing was subscribed to.</summary>
    public static SubscribeResult Refused(Error error) => new(error, None);
}
