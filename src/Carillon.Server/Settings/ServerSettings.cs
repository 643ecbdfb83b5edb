using Carillon.Access;
using Carillon.Hubs;
using Carillon.Server.Settings.Hubs;
using Carillon.Server.Settings.Tokens;

namespace Carillon.Server.Settings;

/// <summary>The section <c>Carillon</c> of the configuration. Without <see cref="Hubs"/>, the settings of the only hub stand here too.</summary>
public sealed class ServerSettings : HubSettings
{
    /// <summary>The name of the section.</summary>
    public const string Section = "Carillon";

    /// <summary>The defaults: unknown topics are created, and anyone monitors.</summary>
    public ServerSettings() => UnknownTopics = UnknownTopics.Create;

    /// <summary>The address to listen on. Default: every address.</summary>
    public string Host { get; init; } = "0.0.0.0";

    /// <summary>The port to listen on; 0 picks a free one. Default: 5000.</summary>
    public int Port { get; init; } = 5000;

    /// <summary>Where messages are kept. Default: SQLite.</summary>
    public EngineKind Engine { get; init; } = EngineKind.Sqlite;

    /// <summary>The only hub's database file. Default: <c>pubsub.db</c> in the working directory.</summary>
    public string Database { get; init; } = "pubsub.db";

    /// <summary>Where each of several hubs has its database file, <c>name.db</c>; created if it does not exist. Default: <c>data</c> in the working directory.</summary>
    public string DataFolder { get; init; } = "data";

    /// <summary>Settings of the SQLite engine.</summary>
    public SqliteSettings Sqlite { get; init; } = new();

    /// <summary>Reverse proxies that are believed when they say from where a request came. Default: none.</summary>
    public ProxySettings Proxies { get; init; } = new();

    /// <summary>By what tokens requests say who sends them. Default: there are none, and everybody is anonymous.</summary>
    public TokenSettings? Tokens { get; init; }

    /// <summary>Several hubs by name, in place of the only one. Default: none.</summary>
    public IReadOnlyDictionary<string, MountedHubSettings> Hubs { get; init; } = new Dictionary<string, MountedHubSettings>();

    /// <summary>How often the settings' files are looked at for changes; zero for never. Default: 1 s.</summary>
    public TimeSpan ReloadInterval { get; init; } = TimeSpan.FromSeconds(1);

    private protected override TopicAccess? DefaultMonitors => null;
}
