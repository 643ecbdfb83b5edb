using System.Globalization;

namespace Carillon.Server.Settings;

/// <summary>What texts may be the value of a setting.</summary>
internal static class SettingValue
{
    /// <summary>Null when <paramref name="value"/> can be one of <paramref name="type"/>; else what it must be, in words.</summary>
    public static string? Expectation(string value, Type type)
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

        if (type == typeof(char))
        {
            return value.Length == 1 ? null : "one character";
        }

        return type == typeof(bool) && !bool.TryParse(value, out _) ? "true or false" : null;
    }
}
