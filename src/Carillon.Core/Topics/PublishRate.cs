namespace Carillon.Topics;

/// <summary>How many messages one publisher may publish on a topic. A publisher is an identity by one way of authentication or, when anonymous, an address; the application itself is none.</summary>
public sealed record PublishRate
{
    /// <summary>Messages in <see cref="Per"/>, on the average.</summary>
    public required int Messages { get; init; }

    /// <summary>Default: a second.</summary>
    public TimeSpan Per { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>Messages that may come at once. Default: as many as <see cref="Messages"/>.</summary>
    public int? Burst { get; init; }
}
