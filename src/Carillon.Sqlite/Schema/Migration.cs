using System.Globalization;
using System.Reflection;

namespace Carillon.Sqlite.Schema;

/// <summary>A numbered step from one schema to the next, embedded from <c>Migrations/</c>. A released one never changes.</summary>
/// <param name="Number">Its place in the order, from 1 without gaps.</param>
/// <param name="Name">The file's name.</param>
/// <param name="Sql">What it does.</param>
internal sealed record Migration(int Number, string Name, string Sql)
{
    /// <summary>All steps, in order.</summary>
    public static IReadOnlyList<Migration> All { get; } = Load();

    private static List<Migration> Load()
    {
        Assembly assembly = typeof(Migration).Assembly;
        var all = new List<Migration>();
        foreach (string name in assembly.GetManifestResourceNames().Where(name => name.EndsWith(".sql", StringComparison.Ordinal)).Order(StringComparer.Ordinal))
        {
            using Stream stream = assembly.GetManifestResourceStream(name)!;
            using var reader = new StreamReader(stream);
            all.Add(new Migration(int.Parse(name.AsSpan(0, 4), CultureInfo.InvariantCulture), name, reader.ReadToEnd()));
        }

        return all;
    }
}
