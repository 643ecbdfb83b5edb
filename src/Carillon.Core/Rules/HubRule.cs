using System.Globalization;
using Carillon.Errors;

namespace Carillon.Rules;

/// <summary>The rules that ship.</summary>
public static class HubRule
{
    /// <summary>The interval of <see cref="PingInterval"/> by default: 300 s.</summary>
    public static TimeSpan DefaultPingInterval { get; } = TimeSpan.FromSeconds(300);

    /// <summary>The grace of <see cref="MinSubscriptions"/> by default: 30 s.</summary>
    public static TimeSpan DefaultGrace { get; } = TimeSpan.FromSeconds(30);

    /// <summary>
    /// The client must ping at least once in <paramref name="interval"/>; null for <see cref="DefaultPingInterval"/>. Protocols in which the server pings and the client
    /// answers, or in which the client cannot send, look after their clients themselves: the rule does not hold for them.
    /// </summary>
    public static IHubRule PingInterval(TimeSpan? interval = null)
    {
        TimeSpan most = interval ?? DefaultPingInterval;
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(most, TimeSpan.Zero, nameof(interval));
        return new Rule((in client) => client.SincePing > most ? $"A client must ping at least every {Seconds(most)} seconds" : null);
    }

    /// <summary>The client must hold at least <paramref name="count"/> subscriptions; for <paramref name="grace"/> (null: <see cref="DefaultGrace"/>) it may hold fewer.</summary>
    public static IHubRule MinSubscriptions(int count = 1, TimeSpan? grace = null)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(count);
        TimeSpan most = grace ?? DefaultGrace;
        ArgumentOutOfRangeException.ThrowIfLessThan(most, TimeSpan.Zero, nameof(grace));
        return new Rule((in client) => client.Subscriptions < count && client.TimeBelow(count) > most
            ? $"A client must hold at least {count} subscription{(count == 1 ? string.Empty : "s")}; it held fewer for more than {Seconds(most)} seconds"
            : null);
    }

    /// <summary>The client must hold at most <paramref name="count"/> subscriptions, without any grace.</summary>
    public static IHubRule MaxSubscriptions(int count = 50)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        return new Rule((in client) => client.Subscriptions > count ? $"A client must hold at most {count} subscriptions; it holds {client.Subscriptions}" : null);
    }

    private static string Seconds(TimeSpan time) => time.TotalSeconds.ToString("0.###", CultureInfo.InvariantCulture);

    private delegate string? Verdict(in ClientState client);

    private sealed class Rule(Verdict verdict) : IHubRule
    {
        public Error? Check(in ClientState client) => verdict(client) is { } reason ? new Error(ErrorCode.RuleBroken, reason) : null;
    }
}
