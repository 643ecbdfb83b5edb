using System.Globalization;
using System.Text;

namespace Carillon.Tests.Specs;

/// <summary>Values made by chance, and the same values written in another way.</summary>
internal static class RandomJson
{
    private static readonly string[] Keys = ["a", "b", "é", "key with space", "x\"y"];
    private static readonly string[] Texts = ["", "a", "b", "é", "😀", "1", "a\nb"];

    /// <summary>A small value; small, so that equal ones are not rare.</summary>
    public static object? Value(Random random, int depth = 3) => random.Next(depth > 0 ? 8 : 6) switch
    {
        0 => null,
        1 => random.Next(2) == 0,
        2 => Texts[random.Next(Texts.Length)],
        3 or 4 => (decimal)random.Next(-3, 4),
        5 => random.Next(-30, 31) / 10m,
        6 => Enumerable.Range(0, random.Next(4)).Select(_ => Value(random, depth - 1)).ToList(),
        _ => Keys.Where(_ => random.Next(3) == 0).ToDictionary(key => key, _ => Value(random, depth - 1)),
    };

    /// <summary>Compact JSON; which of the ways to write a value is taken is left to chance.</summary>
    public static string Write(object? value, Random random) => value switch
    {
        null => "null",
        bool flag => flag ? "true" : "false",
        decimal number => Number(number, random),
        string text => Text(text, random),
        List<object?> list => $"[{string.Join(',', list.Select(item => Write(item, random)))}]",
        Dictionary<string, object?> members => $"{{{string.Join(',', members.OrderBy(_ => random.Next()).Select(member => $"{Text(member.Key, random)}:{Write(member.Value, random)}"))}}}",
        _ => throw new ArgumentException("No JSON value", nameof(value)),
    };

    private static string Number(decimal number, Random random)
    {
        int shift = random.Next(4);
        string text = number.ToString(CultureInfo.InvariantCulture);
        return shift switch
        {
            0 => text,
            1 => text.Contains('.', StringComparison.Ordinal) ? $"{text}00" : $"{text}.0",
            2 => $"{(number * 100).ToString("0", CultureInfo.InvariantCulture)}e-2",
            _ => $"{(number / 10).ToString(CultureInfo.InvariantCulture)}E+1",
        };
    }

    private static string Text(string text, Random random)
    {
        var written = new StringBuilder("\"");
        foreach (char letter in text)
        {
            written.Append(letter switch
            {
                _ when random.Next(3) == 0 => $"\\u{(int)letter:x4}",
                '"' => "\\\"",
                '\n' => "\\n",
                _ => letter.ToString(),
            });
        }

        // Half of a pair as it is and half escaped is no UTF-8.
        string result = written.Append('"').ToString();
        return text == "😀" ? "\"\\ud83d\\ude00\"" : result;
    }
}
