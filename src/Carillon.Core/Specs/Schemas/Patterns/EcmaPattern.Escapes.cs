using System.Globalization;
using System.Text;

namespace Carillon.Specs.Schemas.Patterns;

/// <summary>Escapes and single characters.</summary>
internal sealed partial class EcmaPattern
{
    private const string SyntaxCharacters = "^$\\.*+?()[]{}|/";

    private void RewriteEscape()
    {
        if (_at >= _source.Length)
        {
            Refuse("must not end with a backslash");
            return;
        }

        char escape = _source[_at];
        if (CharacterSet.RangesOf(escape) is { } ranges)
        {
            _at++;
            Atom(CharacterSet.Class(ranges, isNegated: false, takesPairs: char.IsAsciiLetterUpper(escape)));
        }
        else if (escape is 'p' or 'P')
        {
            _at++;
            Atom(CharacterSet.Class($"\\p{TakeCategory()}", isNegated: escape == 'P', takesPairs: false));
        }
        else if (escape is 'b' or 'B')
        {
            _at++;
            Mark($"\\{escape}");
        }
        else
        {
            Atom(Literal(TakeEscapedCharacter()));
        }
    }

    /// <summary>The code point of an escape that stands for one character, from behind its backslash.</summary>
    private int TakeEscapedCharacter()
    {
        char escape = _at < _source.Length ? _source[_at++] : '\0';
        switch (escape)
        {
            case 't': return '\t';
            case 'n': return '\n';
            case 'v': return '\v';
            case 'f': return '\f';
            case 'r': return '\r';
            case '0' when _at >= _source.Length || !char.IsAsciiDigit(_source[_at]): return 0;
            case 'c' when _at < _source.Length && char.IsAsciiLetter(_source[_at]): return _source[_at++] & 31;
            case 'x': return TakeHex(2);
            case 'u' when Next("{"): return TakeBracedHex();
            case 'u': return TakeUnits();
            default:
                return SyntaxCharacters.Contains(escape) ? escape : RefuseCharacter("must not use a back reference, or an escape that ECMA-262 does not have");
        }
    }

    private int TakeUnits()
    {
        int unit = TakeHex(4);
        if (char.IsHighSurrogate((char)unit) && Next("\\u"))
        {
            int low = TakeHex(4);
            unit = char.IsLowSurrogate((char)low) ? char.ConvertToUtf32((char)unit, (char)low) : -1;
        }

        return Rune.IsValid(unit) ? unit : RefuseCharacter("must not have half of a surrogate pair");
    }

    private int TakeBracedHex()
    {
        int end = _source.IndexOf('}', _at);
        int value = end > _at ? TakeHex(end - _at) : -1;
        _at++;
        return Rune.IsValid(value) ? value : RefuseCharacter("must have the number of a character between the braces of \\u{}");
    }

    private int TakeHex(int digits)
    {
        if (digits <= 6 && _at + digits <= _source.Length
            && int.TryParse(_source.AsSpan(_at, digits), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out int value))
        {
            _at += digits;
            return value;
        }

        return RefuseCharacter("must have hexadecimal digits behind \\x and \\u");
    }

    /// <summary>A general category in braces, such as <c>{Lu}</c>.</summary>
    private string TakeCategory()
    {
        int end = _source.IndexOf('}', _at);
        if (Next("{") && end - _at is 1 or 2)
        {
            string category = _source[(_at - 1)..(end + 1)];
            _at = end + 1;
            return category;
        }

        Refuse("must have a general category such as {L} or {Lu} behind \\p");
        return "{L}";
    }

    private int TakeRune()
    {
        if (!Rune.TryGetRuneAt(_source, _at, out Rune rune))
        {
            _at++;
            return RefuseCharacter("must not have half of a surrogate pair");
        }

        _at += rune.Utf16SequenceLength;
        return rune.Value;
    }

    private int RefuseCharacter(string problem)
    {
        Refuse(problem);
        return 0;
    }

    private static string Literal(int codePoint)
    {
        string units = string.Concat(char.ConvertFromUtf32(codePoint).Select(unit => $"\\u{(int)unit:x4}"));
        return codePoint > 0xFFFF ? $"(?:{units})" : units;
    }
}
