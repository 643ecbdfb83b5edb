using System.Globalization;
using System.Text;
using Carillon.Json;

namespace Carillon.Specs.Values;

/// <summary>Writes places in a payload as a person would: <c>message.items[2].price</c>.</summary>
internal static class ValuePath
{
    /// <summary>What a payload is called in a publish.</summary>
    public const string Root = "message";

    private const int MaxKeyLength = 64;
    private const int MaxLength = 256;

    /// <summary>The place of a value, or of a key's value.</summary>
    public static string Of(JsonTree tree, int node)
    {
        var path = new StringBuilder(Root);
        int container = JsonTree.Root;
        while (container != node)
        {
            container = Descend(tree, container, node, path);
        }

        return Shorten(path.ToString());
    }

    /// <summary>The place of a member of the payload itself.</summary>
    public static string Member(string key) => Member(Root, key);

    /// <summary>The place of a member of the object at <paramref name="place"/>.</summary>
    public static string Member(string place, string key) => Shorten(Append(new StringBuilder(place), key).ToString());

    /// <summary>A key as it may stand in a sentence: shortened, without control characters.</summary>
    public static string Printable(string key)
    {
        if (key.Length > MaxKeyLength)
        {
            key = string.Concat(key.AsSpan(0, char.IsHighSurrogate(key[MaxKeyLength - 1]) ? MaxKeyLength - 1 : MaxKeyLength), "…");
        }

        return string.Concat(key.Select(letter => IsPlain(letter) ? letter.ToString() : $"\\u{(int)letter:x4}"));
    }

    private static int Descend(JsonTree tree, int container, int target, StringBuilder path)
    {
        if (tree[container].Kind == JsonKind.Array)
        {
            int index = 0;
            int element = container + 1;
            for (; target >= tree[element].Next; element = tree[element].Next)
            {
                index++;
            }

            path.Append(CultureInfo.InvariantCulture, $"[{index}]");
            return element;
        }

        int key = container + 1;
        while (target >= tree[key + 1].Next)
        {
            key = tree[key + 1].Next;
        }

        Append(path, Encoding.UTF8.GetString(tree.Text(key)));
        return target == key ? key : key + 1;
    }

    private static StringBuilder Append(StringBuilder path, string key) => key.Length > 0 && key.All(letter => char.IsLetterOrDigit(letter) || letter is '_' or '-' or '$')
        ? path.Append('.').Append(Printable(key))
        : path.Append("[\"").Append(Printable(key).Replace("\"", "\\\"", StringComparison.Ordinal)).Append("\"]");

    private static bool IsPlain(char letter) => CharUnicodeInfo.GetUnicodeCategory(letter)
        is not (UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator);

    private static string Shorten(string path)
    {
        if (path.Length <= MaxLength)
        {
            return path;
        }

        // Never between the halves of a surrogate pair.
        int head = char.IsHighSurrogate(path[95]) ? 95 : 96;
        int tail = char.IsLowSurrogate(path[^159]) ? 158 : 159;
        return $"{path.AsSpan(0, head)}…{path.AsSpan(path.Length - tail)}";
    }
}
