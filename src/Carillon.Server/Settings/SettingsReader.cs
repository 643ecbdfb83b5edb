
namespace Carillon.Server.Settings;

/// <summary>Binds the settings strictly: a key that no setting has is an error, not a silent default.</summary>
internal static class SettingsReader
{
    /// <summary>The settings, or the sentences that say what is wrong with them.</summary>
    public static (ServerSettings? Settings, IReadOnlyList<string> Problems) Read(IConfiguration configuration)
    {
        IConfigurationSection section = configuration.GetSection(ServerSettings.Section);
        if (SettingForms.Find(section, typeof(ServerSettings)).ToArray() is { Length: > 0 } wrongForms)
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
}
