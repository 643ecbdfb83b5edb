using System.Text.RegularExpressions;

namespace Carillon.Server.Tests;

/// <summary>The guide to the configuration.</summary>
internal static partial class Guide
{
    private static readonly string Text = File.ReadAllText(Path.Combine(Root(), "docs", "guides", "configuration.md"));

    /// <summary>Its examples of whole settings files.</summary>
    public static IEnumerable<string> Examples() => Example().Matches(Text).Select(match => match.Groups["json"].Value).Where(json => json.Contains("\"Carillon\"", StringComparison.Ordinal));

    /// <summary>Whether it says anything of a setting.</summary>
    public static bool Mentions(string setting) => Regex.IsMatch(Text, $"[\"`:]{setting}[\"`:]", RegexOptions.None, TimeSpan.FromSeconds(5));

    private static string Root()
    {
        DirectoryInfo? folder = new(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "Carillon.slnx")))
        {
            folder = folder.Parent;
        }

        return folder?.FullName ?? throw new InvalidOperationException("The tests must run from a build inside the repository.");
    }

    [GeneratedRegex("```json\n(?<json>.*?)```", RegexOptions.Singleline)]
    private static partial Regex Example();
}
