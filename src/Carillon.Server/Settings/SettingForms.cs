using System.Reflection;
using Carillon.AspNetCore.Authentication.ApiKeys;
using Carillon.AspNetCore.Authentication.Jwt;
using Carillon.Server.Settings.Access;

namespace Carillon.Server.Settings;

/// <summary>
/// Finds keys that no setting has, and values that cannot be that of their setting: a misspelt setting must not become a silent default, and the binder
/// would take a bare number for days, any number for a name, and a text for an empty list.
/// </summary>
internal static class SettingForms
{
    /// <summary>A sentence for each fault below <paramref name="section"/>, which is bound to <paramref name="type"/>.</summary>
    public static IEnumerable<string> Find(IConfigurationSection section, Type type)
    {
        if (!string.IsNullOrEmpty(section.Value))
        {
            yield return $"{section.Path} must hold settings{ButIs(section)}";
        }

        foreach (IConfigurationSection child in section.GetChildren())
        {
            PropertyInfo? setting = type.GetProperty(child.Key, BindingFlags.Public | BindingFlags.Instance | BindingFlags.IgnoreCase);
            IEnumerable<string> problems = setting switch
            {
                null => [$"{child.Path} is unknown; known are: {string.Join(", ", SettingsOf(type).Select(static property => property.Name))}"],
                _ when IsNothing(child) && !TakesNull(setting) => [$"{child.Path} must have a value; leave it out for its default"],
                _ => FindWithin(child, setting.PropertyType),
            };
            foreach (string problem in problems)
            {
                yield return problem;
            }
        }
    }

    /// <summary>The settings of a type.</summary>
    public static PropertyInfo[] SettingsOf(Type type) => type.GetProperties(BindingFlags.Public | BindingFlags.Instance);

    /// <summary>Whether a type holds settings, rather than being the value of one.</summary>
    public static bool IsSettings(Type type) => type.IsClass
        && (type.Namespace?.StartsWith(typeof(ServerSettings).Namespace!, StringComparison.Ordinal) == true
            || type == typeof(ApiKeySettings)
            || type == typeof(JwtOptions)
            || type == typeof(JwtKeySettings));

    /// <summary>The type of the items of a list, or of the values of a dictionary; null for what is neither.</summary>
    public static Type? ItemOf(Type type) => type.IsGenericType && Nullable.GetUnderlyingType(type) is null ? type.GetGenericArguments()[^1] : null;

    /// <summary>Whether a type has keys of the operator's choice.</summary>
    public static bool IsDictionary(Type type) => type.IsGenericType && type.GetGenericArguments().Length == 2;

    private static IEnumerable<string> FindWithin(IConfigurationSection section, Type type)
    {
        bool isSingle = !section.GetChildren().Any();
        if (type == typeof(AccessSettings) && isSingle)
        {
            return SettingValue.Expectation(section.Value ?? string.Empty, typeof(AccessWord)) is { } words
                ? [$"{section.Path} must be {words}, or hold one of {string.Join(", ", SettingsOf(type).Select(static property => property.Name))}{ButIs(section)}"]
                : [];
        }

        if (IsSettings(type))
        {
            return Find(section, type);
        }

        if (ItemOf(type) is { } item)
        {
            return string.IsNullOrEmpty(section.Value)
                ? section.GetChildren().SelectMany(child => FindItem(child, item, IsDictionary(type)))
                : [$"{section.Path} must be {(IsDictionary(type) ? "an object" : "a list")}{ButIs(section)}"];
        }

        if (!isSingle)
        {
            return [$"{section.Path} must be a single value, but is a list or an object"];
        }

        return section.Value is { } value && SettingValue.Expectation(value, Nullable.GetUnderlyingType(type) ?? type) is { } expectation
            ? [$"{section.Path} must be {expectation}{ButIs(section)}"]
            : [];
    }

    private static IEnumerable<string> FindItem(IConfigurationSection section, Type type, bool isNamed)
    {
        if (!isNamed && !int.TryParse(section.Key, out _))
        {
            return [$"{section.Path} is unknown; a list must stand there"];
        }

        // The binder passes over items that hold nothing, and the others would move up.
        return IsNothing(section) || (IsSettings(type) && type != typeof(AccessSettings) && section.Value is "")
            ? [$"{section.Path} must {(IsSettings(type) ? "hold settings" : "have a value")}"]
            : FindWithin(section, type);
    }

    private static bool IsNothing(IConfigurationSection section) => section.Value is null && !section.GetChildren().Any();

    private static bool TakesNull(PropertyInfo setting) => new NullabilityInfoContext().Create(setting).WriteState == NullabilityState.Nullable;

    // A secret may stand where its hash should, or one level too high.
    private static string ButIs(IConfigurationSection section) =>
        section.Value is null || section.Path.StartsWith($"{ServerSettings.Section}:{nameof(ServerSettings.Tokens)}", StringComparison.OrdinalIgnoreCase) ? string.Empty : $", but is '{section.Value}'";
}
