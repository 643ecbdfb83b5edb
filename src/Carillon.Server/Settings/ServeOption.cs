using System.CommandLine;

namespace Carillon.Server.Settings;

/// <summary>
/// An option of <c>carillon serve</c> and the configuration key that it sets. The text is bound and checked like every other source's,
/// so that a wrong value gets the same answer wherever it stands.
/// </summary>
internal sealed class ServeOption
{
    private ServeOption(string name, string key, string description, bool flag = false)
    {
        Key = $"{ServerSettings.Section}:{key}";
        Option = new Option<string>(name)
        {
            Description = description,
            HelpName = flag ? null : key.Split(':')[^1].ToUpperInvariant(),
            Arity = flag ? ArgumentArity.ZeroOrOne : ArgumentArity.ExactlyOne,
        };
        IsFlag = flag;
    }

    /// <summary>Every option.</summary>
    public static IReadOnlyList<ServeOption> All { get; } =
    [
        new("--host", "Host", "Address to listen on (default 0.0.0.0)"),
        new("--port", "Port", "Port to listen on; 0 picks a free one (default 5000)"),
        new("--engine", "Engine", "Where messages are kept: sqlite or memory (default sqlite)"),
        new("--database", "Database", "Database file (default pubsub.db in the working directory)"),
        new("--unknown-topics", "UnknownTopics", "A publish on an unknown topic: create or reject (default create)"),
        new("--require-ids", "RequireIds", "Every publish must name its message_id and producer", flag: true),
        new("--monitoring", "Monitoring", "Who may monitor: anyone, loopback or off (default anyone)"),
        new("--allowed-origin", "AllowedOrigins:0", "Origin whose pages may connect from a browser, or * (default: the server's own)"),
        new("--max-topics", "MaxTopics", "Most topics that clients can create (default 100000)"),
        new("--max-subscriptions", "MaxSubscriptions", "Most subscriptions of one connection (default 1000)"),
        new("--max-payload-bytes", "MaxPayloadBytes", "Largest payload in bytes (default 262144)"),
        new("--dedupe-window", "DedupeWindow", "How long a message_id stays known, as [d.]hh:mm:ss (default 00:10:00)"),
        new("--retention-max-age", "Retention:MaxAge", "Delete messages older than this, as [d.]hh:mm:ss (default: keep all)"),
        new("--retention-max-count", "Retention:MaxCount", "Keep at most this many messages of a topic (default: keep all)"),
        new("--retention-max-bytes", "Retention:MaxBytes", "Keep at most this many bytes of payload of a topic (default: keep all)"),
    ];

    public string Key { get; }

    public Option<string> Option { get; }

    private bool IsFlag { get; }

    /// <summary>The values that a command line gives, by configuration key.</summary>
    public static Dictionary<string, string?> Given(ParseResult parsed)
    {
        var values = new Dictionary<string, string?>(StringComparer.OrdinalIgnoreCase);
        foreach (ServeOption option in All)
        {
            if (parsed.GetResult(option.Option) is not null)
            {
                values[option.Key] = parsed.GetValue(option.Option) ?? (option.IsFlag ? "true" : null);
            }
        }

        return values;
    }
}
