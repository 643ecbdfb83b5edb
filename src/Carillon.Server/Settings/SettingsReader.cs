using Carillon.Server.Settings.Hubs;

namespace Carillon.Server.Settings;

/// <summary>Binds the settings strictly: a key that no setting has is an error, not a silent default.</summary>
internal static class SettingsReader
{
    /// <summary>The settings, or the sentences that say what is wrong with them.</summary>
    public static (ServerSettings? Settings, IReadOnlyList<string> Problems) Read(IConfiguration configuration)
    {
        IConfigurationSection section = configuration.GetSection(ServerSettings.Section);
        if (SettingForms.Find(section, typeof(ServerSettings)).Concat(FindMisplaced(section)).ToArray() is { Length: > 0 } wrongForms)
        {
            return (null, wrongForms);
        }

        ServerSettings settings;
        try
        {
            settings = section.Get<ServerSettings>() ?? new ServerSettings();
        }
        catch (InvalidOperationException wrong)
        {
            // The binder names the key and the value; what it wraps says which values would do.
            string detail = wrong.InnerException is { } inner ? $" {inner.Message}" : string.Empty;
            return (null, [wrong.Message + detail]);
        }

        IReadOnlyList<string> problems = SettingsCheck.Problems(settings);
        return problems.Count == 0 ? (settings, []) : (null, problems);
    }

    /// <summary>Settings that would do nothing: those of the only hub where there are several, and the other way round.</summary>
    private static IEnumerable<string> FindMisplaced(IConfigurationSection section)
    {
        if (!section.GetSection(nameof(ServerSettings.Hubs)).GetChildren().Any())
        {
            return section.GetSection(nameof(ServerSettings.DataFolder)).Exists()
                ? [$"{section.Path}:{nameof(ServerSettings.DataFolder)} is for {nameof(ServerSettings.Hubs)}; the file of the only hub is {nameof(ServerSettings.Database)}"]
                : [];
        }

        // Who reads the server's metrics is told by Monitoring and Monitors beside the hubs.
        IEnumerable<string> ofHubs = SettingForms.SettingsOf(typeof(HubSettings))
            .Select(static setting => setting.Name)
            .Where(static name => name is not (nameof(HubSettings.Monitoring) or nameof(HubSettings.Monitors)))
            .Where(name => section.GetSection(name).Exists())
            .Select(name => $"{section.Path}:{name} is a setting of one hub; with Hubs it stands in {section.Path}:Hubs:<name>");
        return section.GetSection(nameof(ServerSettings.Database)).Exists()
            ? ofHubs.Append($"{section.Path}:{nameof(ServerSettings.Database)} is for the only hub; the folder for the files of Hubs is {nameof(ServerSettings.DataFolder)}")
            : ofHubs;
    }
}
