using System.Text.RegularExpressions;
using Shouldly;
using Xunit;

namespace Carillon.Architecture.Tests;

public sealed partial class HouseTests
{
    private const int MaxLines = 400;

    [Fact]
    public void Files_fit_in_the_head()
    {
        IEnumerable<string> tooLong = AllSources().Where(file => File.ReadLines(file).Count() > MaxLines).Select(Repository.Relative);

        tooLong.ShouldBeEmpty();
    }

    [Fact]
    public void Most_files_of_the_libraries_are_under_150_lines()
    {
        int[] lengths = [.. Repository.Sources("src").Select(file => File.ReadLines(file).Count())];

        lengths.Count(length => length >= 150).ShouldBeLessThan(lengths.Length / 5);
    }

    [Fact]
    public void Nothing_is_named_by_a_word_that_says_nothing()
    {
        IEnumerable<string> vague = AllSources()
            .SelectMany(file => VagueName().Matches(File.ReadAllText(file)).Select(match => $"{Repository.Relative(file)}: {match.Value}"));

        vague.ShouldBeEmpty();
    }

    [Fact]
    public void Namespaces_follow_folders()
    {
        IEnumerable<string> astray = Repository.Sources("src")
            .Select(file => (File: Repository.Relative(file), Namespace: NamespaceLine().Match(File.ReadAllText(file)).Groups["name"].Value))
            .Where(source => source.Namespace.Length > 0 && source.Namespace != Expected(source.File))
            .Select(source => $"{source.File}: {source.Namespace}");

        astray.ShouldBeEmpty();
    }

    private static string Expected(string file)
    {
        string[] parts = file.Split('/')[1..^1];

        // The core's types are Carillon's own words: Carillon.Topics, not Carillon.Core.Topics.
        parts[0] = parts[0] == "Carillon.Core" ? "Carillon" : parts[0];
        return string.Join('.', parts);
    }

    private static IEnumerable<string> AllSources() => new[] { "src", "tests", "bench" }
        .Where(folder => Directory.Exists(Path.Combine(Repository.Root, folder)))
        .SelectMany(Repository.Sources);

    [GeneratedRegex(@"\b(?:class|struct|record|interface|enum)\s+\w*(?:Manager|Helper|Helpers|Utils|Util|Impl)\b")]
    private static partial Regex VagueName();

    [GeneratedRegex(@"^namespace (?<name>[\w.]+);", RegexOptions.Multiline)]
    private static partial Regex NamespaceLine();
}
