using System.CommandLine;

namespace Carillon.Server.Settings;

/// <summary>
/// An option of <c>carillon serve</c> and the configuration key that it sets. The text is bound and checked like every other source's,
/// so that a wrong value gets the same answer wherever it stands.
/// </summary>
internal sealed class ServeOption
{
    private ServeOption(string name, string key, string value, string description, bool flag = false)
    {
        Key = $"{ServerSettings.Section}:{key}";
        Option = new Option<string>(name)
        {
            Description = description,
            HelpName = value,
            Arity = flag ? ArgumentArity.ZeroOrOne : ArgumentArity.ExactlyOne,
        };
        IsFlag = flag;
    }

    /// <summary>Every option.</summary>
    public static IReadOnlyList<ServeOption> All { get; } =
    [
        new("--host", "Host", "ADDRESS", "Address to listen on (default 0.0.0.0)"),
        new("--port", "Port", "PORT", "Port to listen on; 0 picks a free one (default 5000)"),
        new("--engine", "Engine", "sqlite|memory", "Where messages are kept (default sqlite)"),
        new("--database", "Database", "FILE", "Database file (default pubsub.db in the working directory)"),
        new("--data-folder", "DataFolder", "FOLDER", "Folder of the database files, where the settings name several hubs (default data in the working directory)"),
        new("--unknown-topics", "UnknownTopics", "create|reject", "What a publish on an unknown topic does (default create)"),
        new("--require-ids", "RequireIds", "true|false", "Every publish must name its message_id and producer", flag: true),
        new("--monitoring", "Monitoring", "anyone|loopback|off", "Who may monitor (default anyone)"),
        new("--allowed-origin", "AllowedOrigins:0", "ORIGIN", "Origin whose pages may connect from a browser, or * (default: the server's own)"),
        new("--max-topics", "MaxTopics", "N", "Most topics that clients can create (default 100000)"),
        new("--max-subscriptions", "MaxSubscriptions", "N", "Most subscriptions of one connection (default 1000)"),
        new("--max-payload-bytes", "MaxPayloadBytes", "BYTES", "Largest payload in bytes (default 262144)"),
        new("--dedupe-window", "DedupeWindow", "TIME", "How long a message_id stays known, as [d.]hh:mm:ss (default 00:10:00)"),
        new("--retention-max-age", "Retention:MaxAge", "TIME", "Delete messages older than this, as [d.]hh:mm:ss (default: keep all)"),
        new("--retention-max-count", "Retention:MaxCount", "N", "Keep at most this many messages of a topic (default: keep all)"),
        new("--retention-max-bytes", "Retention:MaxBytes", "BYTES", "Keep at most this many bytes of payload of a topic (default: keep all)"),
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
