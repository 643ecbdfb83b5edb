using Carillon.Server.Composing;
using Microsoft.Extensions.Configuration.Json;
using Microsoft.Extensions.FileProviders;

namespace Carillon.Server.Settings.Reading;

/// <summary>Where settings come from: files, environment and command line, in their order. Each reading begins anew and leaves the application's own configuration alone.</summary>
internal sealed class SettingsSource
{
    private static readonly string[] Sections = [ServerSettings.Section, "Logging", "$schema"];

    private readonly IConfigurationSource[] _sources;

    /// <summary>The sources of an application's configuration, which was built already.</summary>
    public SettingsSource(IConfigurationBuilder configuration)
    {
        _sources = [.. configuration.Sources];
        Files = [.. _sources.OfType<JsonConfigurationSource>().Select(PathOf).OfType<string>()];
    }

    /// <summary>The files among the sources, whether they exist or not.</summary>
    public IReadOnlyList<string> Files { get; }

    /// <summary>Reads them, with the files that they name.</summary>
    /// <param name="named">The files that they named the last time.</param>
    public SettingsReading Read(IReadOnlyCollection<string> named)
    {
        string fingerprint = Fingerprint(named);
        (ServerPlan? plan, IReadOnlyList<string> problems) = ReadNow();
        if (plan is not null && !plan.Files.SequenceEqual(named, StringComparer.Ordinal))
        {
            // What they name now was not looked at before it was read.
            fingerprint = Fingerprint(plan.Files);
            (plan, problems) = ReadNow();
        }

        return new SettingsReading(plan, problems, fingerprint);
    }

    /// <summary>A text that is another one when what <see cref="Read"/> would find is.</summary>
    public string Fingerprint(IEnumerable<string> named) => SettingsFiles.Fingerprint(Files.Concat(named));

    private static string? PathOf(JsonConfigurationSource source) => source is { Path: { } path, FileProvider: PhysicalFileProvider folder } ? Path.Combine(folder.Root, path) : null;

    // A misspelt section would start a server that is open to everyone. In the environment stand others' names as well.
    private static string[] FindUnknownSections(IConfigurationRoot configuration) =>
    [
        .. from provider in configuration.Providers.OfType<JsonConfigurationProvider>()
           from key in provider.GetChildKeys([], parentPath: null).Distinct(StringComparer.OrdinalIgnoreCase)
           where !Sections.Contains(key, StringComparer.OrdinalIgnoreCase)
           select $"{provider.Source.Path}: {key} is unknown; known are: {string.Join(", ", Sections)}",
    ];

    private (ServerPlan? Plan, IReadOnlyList<string> Problems) ReadNow()
    {
        var builder = new ConfigurationBuilder();
        Array.ForEach(_sources, source => builder.Add(source));
        IConfigurationRoot configuration;
        try
        {
            configuration = builder.Build();
        }
        catch (InvalidDataException unreadable)
        {
            return (null, [UnreadableFile.Describe(unreadable)]);
        }

        try
        {
            if (FindUnknownSections(configuration) is { Length: > 0 } unknown)
            {
                return (null, unknown);
            }

            (ServerSettings? settings, IReadOnlyList<string> problems) = SettingsReader.Read(configuration);
            (ServerPlan? plan, problems) = settings is null ? (null, problems) : ServerPlan.Create(settings);
            var places = new SettingPlaces(configuration);
            return (plan, [.. problems.Select(places.Locate)]);
        }
        finally
        {
            (configuration as IDisposable)?.Dispose();
        }
    }
}
