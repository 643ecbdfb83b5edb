using Carillon.Server.Logging;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Shouldly;
using Xunit;

namespace Carillon.Server.Tests;

public sealed class LineFormatterTests
{
    [Fact]
    public void Write_is_one_line_whatever_the_text_holds()
    {
        string line = Format("user said: a\nFATAL forged\r\t\u001b[31m\u0085\u2028end", new InvalidOperationException("bad\nluck"));

        line.ShouldEndWith(Environment.NewLine);
        string text = line[..^Environment.NewLine.Length];
        text.Any(letter => char.IsControl(letter) || letter == (char)0x2028).ShouldBeFalse();
        text.ShouldContain(@"a\nFATAL forged\r\t\u001b[31m\u0085\u2028end");
        text.ShouldContain(@"bad\nluck");
    }

    [Fact]
    public void Write_begins_with_time_level_and_category() =>
        Format("hello", null).ShouldMatch(@"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z WARN  Category: hello\s*$");

    private static string Format(string text, Exception? exception)
    {
        using var writer = new StringWriter();
        var entry = new LogEntry<string>(LogLevel.Warning, "Category", new EventId(1), text, exception, (state, _) => state);
        new LineFormatter(TimeProvider.System).Write(entry, scopeProvider: null, writer);
        return writer.ToString();
    }
}
