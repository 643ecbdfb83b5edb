using System.Reflection;

namespace Carillon.Server.Settings;

/// <summary>Finds configuration keys that no setting has: a misspelt setting must not become a silent default.</summary>
internal static class UnknownSettings
{
    /// <summary>A sentence for each unknown key below <paramref name="section"/>, which is bound to <paramref name="type"/>.</summary>
    public static IEnumerable<string> Find(IConfigurationSection section, Type type)
    {
        foreach (IConfigurationSection child in section.GetChildren())
        {
            PropertyInfo? setting = type.GetProperty(child.Key, BindingFlags.Public | BindingFlags.Instance | BindingFlags.IgnoreCase);
            if (setting is null)
            {
                yield return $"{child.Path} is unknown; known are: {string.Join(", ", type.GetProperties().Select(property => property.Name))}";
                continue;
            }

            foreach (string problem in FindWithin(child, setting.PropertyType))
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

        return type.IsGenericType && type.GetGenericArguments() is [Type element] && IsSettings(element)
            ? section.GetChildren().SelectMany(item => Find(item, element))
            : [];
    }

    private static bool IsSettings(Type type) => type.Namespace == typeof(ServerSettings).Namespace && type.IsClass;
}
