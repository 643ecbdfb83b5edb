using System.Globalization;
using System.Numerics;
using Microsoft.Extensions.Configuration;

namespace Carillon.SocketIO.Settings;

/// <summary>
/// Reads one section of the configuration strictly, and without reflection, so that trimmed applications can: it collects values that cannot be, and keys
/// that nobody asked for.
/// </summary>
internal sealed class SettingsSection(IConfiguration section, List<string> problems)
{
    private readonly HashSet<string> _known = new(StringComparer.OrdinalIgnoreCase);

    public string? Text(string key, string? unset)
    {
        if (section[key] is null && section.GetSection(key).GetChildren().Any())
        {
            problems.Add($"{section.GetSection(key).Path} must be one value, but is several.");
        }

        return One(key) ?? unset;
    }

    public TimeSpan Time(string key, TimeSpan unset) => OptionalTime(key, unset)!.Value;

    public TimeSpan? OptionalTime(string key, TimeSpan? unset) => Text(key, null) is not { } text
        ? unset
        : text.Contains(':', StringComparison.Ordinal) && TimeSpan.TryParse(text, CultureInfo.InvariantCulture, out TimeSpan time) ? time : Wrong(key, "a time such as 00:00:25", text, unset);

    public T Number<T>(string key, T unset)
        where T : struct, IBinaryInteger<T> => Text(key, null) is not { } text
        ? unset
        : T.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out T number) ? number : Wrong(key, "a whole number", text, unset);

    public bool Switch(string key, bool unset) => Text(key, null) is not { } text
        ? unset
        : bool.TryParse(text, out bool on) ? on : Wrong(key, "true or false", text, unset);

    /// <summary>A name of the enumeration; where names can be combined, also a list of them.</summary>
    public TEnum Choice<TEnum>(string key, TEnum unset)
        where TEnum : struct, Enum
    {
        bool isFlags = typeof(TEnum).IsDefined(typeof(FlagsAttribute), inherit: false);
        string? text = isFlags && One(key) is null ? string.Join(", ", Texts(key, [])) : Text(key, null);
        return string.IsNullOrEmpty(text)
            ? unset
            : Enum.TryParse(text, ignoreCase: true, out TEnum choice) ? choice : Wrong(key, string.Join(", ", Enum.GetNames<TEnum>()), text, unset);
    }

    /// <summary>The values of a list's section, or a value alone as a list of one.</summary>
    public IReadOnlyList<string> Texts(string key, IReadOnlyList<string> unset)
    {
        if (One(key) is { } alone)
        {
            return [alone];
        }

        string[] values = [.. section.GetSection(key).GetChildren().Select(static child => child.Value).OfType<string>()];
        return values.Length == 0 ? unset : values;
    }

    /// <summary>The section within, which may be empty, or null if it is not there.</summary>
    public SettingsSection? Within(string key)
    {
        _known.Add(key);
        bool isThere = section.GetChildren().Any(child => string.Equals(child.Key, key, StringComparison.OrdinalIgnoreCase));
        return isThere ? new SettingsSection(section.GetSection(key), problems) : null;
    }

    /// <summary>To be called when everything was read.</summary>
    public void RefuseOthers()
    {
        if (section is IConfigurationSection { Value: { } value } alone)
        {
            problems.Add($"{alone.Path} must hold settings by name, but is {(value.Length == 0 ? "empty text" : value)}.");
        }

        foreach (IConfigurationSection child in section.GetChildren().Where(child => !_known.Contains(child.Key)))
        {
            problems.Add($"{child.Path} is no setting; known are {string.Join(", ", _known.Order(StringComparer.Ordinal))}.");
        }
    }

    private string? One(string key)
    {
        _known.Add(key);
        return section[key];
    }

    private T Wrong<T>(string key, string rule, string text, T unset)
    {
        problems.Add($"{section.GetSection(key).Path} must be {rule}, but is {text}.");
        return unset;
    }
}
