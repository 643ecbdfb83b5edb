using System.Globalization;
using System.Reflection;

namespace Carillon.Server.Settings;

/// <summary>
/// Finds keys that no setting has, and values that cannot be that of their setting: a misspelt setting must not become a silent default, and the binder
/// would take a bare number for days and any number for a name.
/// </summary>
internal static class SettingForms
{
    /// <summary>A sentence for each fault below <paramref name="section"/>, which is bound to <paramref name="type"/>.</summary>
    public static IEnumerable<string> Find(IConfigurationSection section, Type type)
    {
        if (!string.IsNullOrEmpty(section.Value))
        {
            yield return $"{section.Path} must hold settings, but is '{section.Value}'";
        }

        foreach (IConfigurationSection child in section.GetChildren())
        {
            PropertyInfo? setting = type.GetProperty(child.Key, BindingFlags.Public | BindingFlags.Instance | BindingFlags.IgnoreCase);
            IEnumerable<string> problems = setting is null
                ? [$"{child.Path} is unknown; known are: {string.Join(", ", type.GetProperties().Select(property => property.Name))}"]
                : FindWithin(child, setting.PropertyType);
            foreach (string problem in problems)
            {
                yield return problem;
            }
        }
    }

    private static IEnumerable<string> FindWithin(IConfigurationSection section, Type type)
    {
        if (IsSettings(type))
        {
            return Find(section, type);
        }

        if (type.IsGenericType && type.GetGenericArguments() is [Type element] && IsSettings(element))
        {
            return section.GetChildren().SelectMany(item => Find(item, element));
        }

        return section.Value is { } value && Expectation(value, Nullable.GetUnderlyingType(type) ?? type) is { } expectation
            ? [$"{section.Path} must be {expectation}, but is '{value}'"]
            : [];
    }

    private static string? Expectation(string value, Type type)
    {
        if (type.IsEnum)
        {
            string[] names = Enum.GetNames(type);
            return names.Contains(value, StringComparer.OrdinalIgnoreCase) ? null : $"one of {string.Join(", ", names)}";
        }

        if (type == typeof(TimeSpan))
        {
            bool good = value.Contains(':', StringComparison.Ordinal) && TimeSpan.TryParse(value, CultureInfo.InvariantCulture, out _);
            return good ? null : "a time as [d.]hh:mm:ss";
        }

        if (type == typeof(int) || type == typeof(long))
        {
            bool good = long.TryParse(value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long number)
                && (type == typeof(long) || number is >= int.MinValue and <= int.MaxValue);
            return good ? null : "a whole number";
        }

        return type == typeof(bool) && !bool.TryParse(value, out _) ? "true or false" : null;
    }

    private static bool IsSettings(Type type) => type.Namespace == typeof(ServerSettings).Namespace && type.IsClass;
}
