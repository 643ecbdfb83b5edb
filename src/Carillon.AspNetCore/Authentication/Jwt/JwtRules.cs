using System.Collections.Frozen;

namespace Carillon.AspNetCore.Authentication.Jwt;

/// <summary>Options that passed their check, with the keys that they hold.</summary>
/// <remarks>Immutable, thread-safe.</remarks>
internal sealed class JwtRules
{
    private JwtRules(JwtOptions options, JwtKey[] keys, JwtKey[]? fileKeys)
    {
        Options = options;
        Keys = keys;
        FileKeys = fileKeys;
        Audiences = options.Audiences.ToFrozenSet(StringComparer.Ordinal);
    }

    public JwtOptions Options { get; }

    /// <summary>The keys of the configuration itself.</summary>
    public JwtKey[] Keys { get; private set; }

    /// <summary>The keys that the JWK set's file held when it was checked; null if there is no file.</summary>
    public JwtKey[]? FileKeys { get; }

    public FrozenSet<string> Audiences { get; }

    /// <summary>The rules; null if there are problems, which are added to the list.</summary>
    public static JwtRules? Create(JwtOptions options, string place, List<string> problems)
    {
        int before = problems.Count;
        problems.AddRange(options.CheckPlainSettings(place));
        (JwtKey? Key, string? Problem)[] read = [.. options.Keys.Take(JwtOptions.MaxKeys).Select((key, index) => JwtKeyReader.Read(key, $"{place}:Keys:{index}"))];
        problems.AddRange(read.Select(static key => key.Problem).OfType<string>());
        JwtKey[] keys = [.. read.Select(static key => key.Key).OfType<JwtKey>()];
        problems.AddRange(keys
            .Where(static key => key.Id is not null)
            .GroupBy(static key => (key.Algorithm, key.Id))
            .Where(static same => same.Count() > 1)
            .Select(same => $"{place}:Keys names '{same.Key.Id}' more than once for {same.Key.Algorithm}"));
        JwtKey[]? fileKeys = null;
        if (options.JwksFile is { } file)
        {
            (fileKeys, string? problem) = new FileJwksSource(file).Read();
            if (problem is not null)
            {
                problems.Add($"{place}:JwksFile {problem}");
            }
        }

        return problems.Count == before ? new JwtRules(options, keys, fileKeys) : null;
    }

    /// <summary>Takes over the keys that stay, so that the tokens they verified stay valid, and retires the others. Before anybody else sees these rules.</summary>
    public void Follow(JwtRules previous)
    {
        Keys = [.. Keys.Select(key => Array.Find(previous.Keys, key.IsSameAs) ?? key)];
        foreach (JwtKey gone in previous.Keys.Except(Keys))
        {
            gone.Retire();
        }
    }

    /// <summary>Whether a key set read for the others serves these rules too.</summary>
    public bool HasSameKeySet(JwtRules other) =>
        (Options.JwksFile, Options.JwksAddress, Options.JwksRefreshInterval, Options.JwksFetchFloor, Options.JwksTimeout)
        == (other.Options.JwksFile, other.Options.JwksAddress, other.Options.JwksRefreshInterval, other.Options.JwksFetchFloor, other.Options.JwksTimeout);
}
