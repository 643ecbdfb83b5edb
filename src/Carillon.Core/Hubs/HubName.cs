using System.Text;

namespace Carillon.Hubs;

/// <summary>
/// The rule for hubs' names: 1 to 64 lower-case letters, digits, '-' and '_', beginning with a letter or digit. So a name is also a file name on every system, and a label that needs no
/// escaping.
/// </summary>
public static class HubName
{
    /// <summary>The name of a hub at the root of its application.</summary>
    public const string AtRoot = "root";

    private const int MaxLength = 64;

    /// <summary>Whether <paramref name="name"/> can be one.</summary>
    public static bool IsName(string? name) =>
        name is { Length: > 0 and <= MaxLength } && name[0] is not ('-' or '_') && name.All(static letter => char.IsAsciiLetterLower(letter) || char.IsAsciiDigit(letter) || letter is '-' or '_');

    /// <summary>The name of a hub that is mounted on <paramref name="route"/> and has no other: <c>/team/chat</c> is <c>team-chat</c>. It may be no <see cref="IsName">name</see>.</summary>
    public static string OfRoute(string route)
    {
        ArgumentNullException.ThrowIfNull(route);
        var name = new StringBuilder(route.Trim('/'));
        name.Replace('/', '-');
        return name.Length == 0 ? AtRoot : name.ToString().ToLowerInvariant();
    }
}
