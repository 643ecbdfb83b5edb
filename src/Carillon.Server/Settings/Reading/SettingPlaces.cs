using System.Text.Json;
using Microsoft.Extensions.Configuration.Json;

namespace Carillon.Server.Settings.Reading;

/// <summary>Tells in which file, and on which line of it, a wrong setting stands.</summary>
internal sealed class SettingPlaces(IConfigurationRoot configuration)
{
    /// <summary>The sentence with its place before it. It begins with the setting's key; one that comes from the environment or the command line stays as it is.</summary>
    public string Locate(string problem)
    {
        string? key = problem.Split(' ')[0];
        while (key is not null)
        {
            if (configuration.Providers.LastOrDefault(provider => Holds(provider, key)) is { } provider)
            {
                return provider is JsonConfigurationProvider { Source: { Path: { } file } source }
                    ? $"{file}{LineOf(source, key)}: {problem}"
                    : problem;
            }

            // What is missing has no place; what it is missing from has.
            key = ConfigurationPath.GetParentPath(key);
        }

        return problem;
    }

    private static bool Holds(IConfigurationProvider provider, string key) => provider.TryGet(key, out _) || provider.GetChildKeys([], key).Any();

    private static string LineOf(FileConfigurationSource source, string key)
    {
        try
        {
            string? path = source.FileProvider?.GetFileInfo(source.Path!).PhysicalPath;
            return path is not null && JsonKeyLines.Find(File.ReadAllBytes(path), key) is { } line ? $", line {line}" : string.Empty;
        }
        catch (Exception changed) when (changed is IOException or UnauthorizedAccessException or JsonException)
        {
            // It was read a moment ago; what changes under our hands has no lines.
            return string.Empty;
        }
    }
}
