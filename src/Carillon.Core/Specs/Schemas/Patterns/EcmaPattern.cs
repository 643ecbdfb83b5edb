using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace Carillon.Specs.Schemas.Patterns;

/// <summary>
/// Rewrites a regular expression of ECMA-262, the dialect of JSON Schema, into one of .NET that means the same and never backtracks. What would mean something else
/// is rewritten (<c>$</c>, <c>.</c>, <c>\d</c>, <c>\w</c>, <c>\s</c>, characters beyond U+FFFF); what cannot be is refused (lookaround, back references, escapes that only .NET knows).
/// One difference stays: <c>\b</c> counts letters and digits of all alphabets as parts of words.
/// </summary>
internal sealed partial class EcmaPattern
{
    private const int MaxLength = 1000;
    private const int MaxSize = 1000;

    private readonly string _source;
    private readonly StringBuilder _rewritten = new();
    private readonly Stack<long> _groups = new();
    private int _at;
    private long _size;
    private long _atom;
    private string? _problem;

    private EcmaPattern(string source) => _source = source;

    /// <summary>Compiles <paramref name="source"/>.</summary>
    /// <param name="source">The expression.</param>
    /// <param name="pattern">What finds its matches, in time that grows with the text's length only.</param>
    /// <param name="problem">Why it is refused, as the end of a sentence that begins with the place.</param>
    public static bool TryCompile(string source, [NotNullWhen(true)] out Regex? pattern, [NotNullWhen(false)] out string? problem)
    {
        pattern = null;
        problem = source.Length > MaxLength ? $"must be at most {MaxLength} characters long" : null;
        if (problem is not null)
        {
            return false;
        }

        var rewriting = new EcmaPattern(source);
        string rewritten = rewriting.Rewrite();
        problem = rewriting._problem;
        if (problem is not null)
        {
            return false;
        }

        try
        {
            pattern = new Regex(rewritten, RegexOptions.NonBacktracking | RegexOptions.CultureInvariant);
            return true;
        }
        catch (Exception refusal) when (refusal is ArgumentException or NotSupportedException)
        {
            problem = "must be a regular expression of ECMA-262 that needs no backtracking";
            return false;
        }
    }

    private string Rewrite()
    {
        while (_at < _source.Length && _problem is null)
        {
            char current = _source[_at++];
            switch (current)
            {
                case '\\':
                    RewriteEscape();
                    break;
                case '[':
                    Atom(RewriteClass());
                    break;
                case '.':
                    Atom(CharacterSet.AnyButLineEnds);
                    break;
                case '$':
                    Mark("\\z");
                    break;
                case '^' or '|':
                    Mark(current.ToString());
                    break;
                case '(':
                    Open();
                    break;
                case ')':
                    Close();
                    break;
                case '*' or '+' or '?':
                    _rewritten.Append(current);
                    break;
                case '{':
                    RewriteCount();
                    break;
                default:
                    _at--;
                    Atom(Literal(TakeRune()));
                    break;
            }

            if (_size > MaxSize)
            {
                Refuse($"must not repeat so much: written out, it has more than {MaxSize} parts");
            }
        }

        return _rewritten.ToString();
    }

    private void Atom(string rewritten)
    {
        _rewritten.Append(rewritten);
        _atom = 1;
        _size++;
    }

    private void Mark(string rewritten)
    {
        _rewritten.Append(rewritten);
        _atom = 0;
    }

    private void Open()
    {
        _groups.Push(_size);
        _size = 0;
        if (Next("?:"))
        {
            _rewritten.Append("(?:");
        }
        else if (Next("?<") && _at < _source.Length && _source[_at] is not ('=' or '!') && _source.IndexOf('>', _at) is > 0 and int end)
        {
            _rewritten.Append("(?:");
            _at = end + 1;
        }
        else if (_at < _source.Length && (_source[_at] == '?' || _source[_at - 1] == '<'))
        {
            Refuse("must not look ahead or behind or set options: such a group needs backtracking, or is not of ECMA-262");
        }
        else
        {
            _rewritten.Append("(?:");
        }
    }

    private void Close()
    {
        if (!_groups.TryPop(out long outside))
        {
            Refuse("must not close a group that it did not open");
            return;
        }

        _rewritten.Append(')');
        _atom = _size;
        _size += outside;
    }

    private void RewriteCount()
    {
        Match count = Count().Match(_source, _at - 1);
        if (!count.Success || count.Length > 12)
        {
            Refuse("must have a number of repetitions between braces, or escape the brace");
            return;
        }

        long times = count.Groups.Values.Skip(1).Where(group => group.Length > 0).Max(group => long.Parse(group.ValueSpan, CultureInfo.InvariantCulture));
        _size += _atom * Math.Max(0, times - 1);
        _rewritten.Append(count.Value);
        _at += count.Length - 1;
    }

    private bool Next(string expected)
    {
        if (string.CompareOrdinal(_source, _at, expected, 0, expected.Length) != 0)
        {
            return false;
        }

        _at += expected.Length;
        return true;
    }

    private void Refuse(string problem) => _problem ??= problem;

    [GeneratedRegex(@"\G\{([0-9]+)(?:,([0-9]*))?\}")]
    private static partial Regex Count();
}
