using System.Text;

namespace Carillon.Specs.Schemas.Patterns;

/// <summary>Character classes.</summary>
internal sealed partial class EcmaPattern
{
    private string RewriteClass()
    {
        bool isNegated = Next("^");
        bool takesPairs = false;
        var ranges = new StringBuilder();
        if (Next("]"))
        {
            Refuse("must not have an empty class: use [\\s\\S] for any character");
        }

        while (_problem is null && !Next("]"))
        {
            if (_at >= _source.Length)
            {
                Refuse("must close each class with a bracket");
                break;
            }

            if (TakeSet(ranges, ref takesPairs))
            {
                continue;
            }

            int first = TakeClassCharacter();
            int last = first;
            if (_at + 1 < _source.Length && _source[_at] == '-' && _source[_at + 1] != ']')
            {
                _at++;
                last = TakeClassCharacter();
            }

            AppendRange(ranges, first, last);
        }

        return CharacterSet.Class(ranges.ToString(), isNegated, takesPairs);
    }

    private bool TakeSet(StringBuilder ranges, ref bool takesPairs)
    {
        if (_source[_at] != '\\' || _at + 1 >= _source.Length)
        {
            return false;
        }

        char escape = _source[_at + 1];
        string? set = CharacterSet.RangesOf(escape);
        if (set is null && escape is not ('p' or 'P'))
        {
            return false;
        }

        _at += 2;
        takesPairs |= char.IsAsciiLetterUpper(escape);
        ranges.Append(set ?? $"\\p{TakeCategory()}");
        if (escape == 'P')
        {
            Refuse("must not have \\P inside of a class");
        }

        return true;
    }

    private int TakeClassCharacter()
    {
        if (_source[_at] != '\\')
        {
            return TakeRune();
        }

        _at++;
        return Next("b") ? '\b' : Next("-") ? '-' : TakeEscapedCharacter();
    }

    private void AppendRange(StringBuilder ranges, int first, int last)
    {
        if (first > 0xFFFF || last > 0xFFFF)
        {
            Refuse("must not have a character beyond U+FFFF inside of a class");
        }
        else if (first > last)
        {
            Refuse("must not have a range that ends before it begins");
        }
        else
        {
            ranges.Append(Literal(first)).Append('-').Append(Literal(last));
        }
    }
}
