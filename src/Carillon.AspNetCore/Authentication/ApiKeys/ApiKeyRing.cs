using Microsoft.Extensions.Options;

namespace Carillon.AspNetCore.Authentication.ApiKeys;

/// <summary>
/// The API keys in force. Readers take one immutable snapshot; a reload or a revocation puts another in its place at once, and what a key that is gone had given is revoked with it.
/// </summary>
/// <remarks>Thread-safe.</remarks>
public sealed class ApiKeyRing
{
    /// <summary>Most keys of a ring: looking one up compares them all, so that its time tells nothing about any.</summary>
    public const int MaxKeys = 1000;

    // Guards that one change follows the other; readers do not take it.
    private readonly Lock _changing = new();
    private readonly List<ApiKey> _revoked = [];
    private volatile ApiKey[] _keys = [];

    /// <summary>A ring of these keys.</summary>
    /// <exception cref="OptionsValidationException">The settings have faults; it names them all.</exception>
    public ApiKeyRing(IReadOnlyList<ApiKeySettings> keys)
    {
        if (Replace(keys) is { Count: > 0 } problems)
        {
            throw new OptionsValidationException(nameof(ApiKeySettings), typeof(ApiKeySettings), problems);
        }
    }

    /// <summary>The keys in force now.</summary>
    public IReadOnlyList<ApiKey> Keys => _keys;

    /// <summary>What is wrong with these keys taken together and one by one; empty when nothing is.</summary>
    /// <param name="keys">The settings.</param>
    /// <param name="place">Where they stand, such as <c>Carillon:ApiKeys</c>; each sentence begins with it.</param>
    public static IReadOnlyList<string> Check(IReadOnlyList<ApiKeySettings> keys, string place)
    {
        ArgumentNullException.ThrowIfNull(keys);
        if (keys.Count > MaxKeys)
        {
            return [$"{place} must hold at most {MaxKeys} keys, but holds {keys.Count}"];
        }

        string[] single = [.. keys.SelectMany((key, index) => key.Check($"{place}:{index}"))];
        return single.Length > 0 ? single : [.. FindDuplicates(keys, place)];
    }

    /// <summary>
    /// Puts these keys in the place of all others. A key that stays as it is goes on; one that is gone, or has another secret or other roles, is revoked with all that it gave.
    /// A key revoked by <see cref="Revoke"/> does not come back with the same secret as long as the process lives.
    /// </summary>
    /// <param name="keys">The settings of the new keys.</param>
    /// <param name="place">Where they stand; each sentence begins with it.</param>
    /// <returns>What is wrong with them; then nothing has changed. Empty when they are in force.</returns>
    public IReadOnlyList<string> Replace(IReadOnlyList<ApiKeySettings> keys, string place = "ApiKeys")
    {
        IReadOnlyList<string> problems = Check(keys, place);
        if (problems.Count > 0)
        {
            return problems;
        }

        lock (_changing)
        {
            ApiKey[] old = _keys;
            ApiKey[] next = [.. keys
                .Select(static settings => settings.ToKey())
                .Where(key => !_revoked.Exists(key.HasHashOf))
                .Select(key => Array.Find(old, key.IsSameAs) ?? key)];
            _keys = next;
            RevokeAll(old.Except(next));
        }

        return [];
    }

    /// <summary>Takes a key back at once, with all that it gave.</summary>
    /// <returns>False when there is no such key.</returns>
    public bool Revoke(string name)
    {
        lock (_changing)
        {
            ApiKey? key = Array.Find(_keys, key => key.Name == name);
            if (key is null)
            {
                return false;
            }

            _keys = [.. _keys.Where(other => other != key)];
            _revoked.Add(key);
            RevokeAll([key]);
            return true;
        }
    }

    /// <summary>The key with this secret; null if there is none. It takes as long whichever key it is, and if it is none.</summary>
    internal ApiKey? Find(string secret)
    {
        byte[] hash = ApiKey.HashOf(secret);
        ApiKey? found = null;
        foreach (ApiKey key in _keys)
        {
            found = key.HasHash(hash) ? key : found;
        }

        return found;
    }

    private static void RevokeAll(IEnumerable<ApiKey> keys)
    {
        foreach (ApiKey key in keys)
        {
            key.Revoke();
        }
    }

    private static IEnumerable<string> FindDuplicates(IReadOnlyList<ApiKeySettings> keys, string place)
    {
        // Names that differ only in case would be taken for each other by people.
        foreach (IGrouping<string, ApiKeySettings> same in keys.GroupBy(key => key.Name, StringComparer.OrdinalIgnoreCase).Where(same => same.Count() > 1))
        {
            yield return $"{place} names '{same.Key}' more than once";
        }

        foreach (IGrouping<string, ApiKey> same in keys.Select(key => key.ToKey()).GroupBy(key => key.HashText, StringComparer.Ordinal).Where(same => same.Count() > 1))
        {
            yield return $"{place} gives the same secret to {string.Join(" and ", same.Select(key => $"'{key.Name}'"))}; each key needs its own";
        }
    }
}
