using System.Globalization;
using System.Text;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Logging.Console;

namespace Carillon.Server.Logging;

/// <summary>
/// One line per log entry: time, level, category, text. Control characters are escaped, so that nothing a client sends can forge a line
/// or steer a terminal.
/// </summary>
internal sealed class LineFormatter(TimeProvider time) : ConsoleFormatter(FormatterName)
{
    public const string FormatterName = "carillon";

    public override void Write<TState>(in LogEntry<TState> logEntry, IExternalScopeProvider? scopeProvider, TextWriter textWriter)
    {
        var line = new StringBuilder(160);
        line.Append(time.GetUtcNow().ToString("yyyy-MM-ddTHH:mm:ss.fffZ", CultureInfo.InvariantCulture))
            .Append(' ').Append(Level(logEntry.LogLevel))
            .Append(' ').Append(logEntry.Category).Append(": ");
        Escape(line, logEntry.Formatter(logEntry.State, logEntry.Exception));
        if (logEntry.Exception is not null)
        {
            line.Append(" | ");
            Escape(line, logEntry.Exception.ToString());
        }

        textWriter.WriteLine(line);
    }

    private static string Level(LogLevel level) => level switch
    {
        LogLevel.Trace => "TRACE",
        LogLevel.Debug => "DEBUG",
        LogLevel.Information => "INFO ",
        LogLevel.Warning => "WARN ",
        LogLevel.Error => "ERROR",
        _ => "FATAL",
    };

    private static void Escape(StringBuilder line, string text)
    {
        foreach (char letter in text)
        {
            // U+2028 and U+2029 end a line for some readers although they are no control characters.
            if (char.IsControl(letter) || letter is '\u2028' or '\u2029')
            {
                line.Append(letter switch
                {
                    '\n' => "\\n",
                    '\r' => "\\r",
                    '\t' => "\\t",
                    _ => $"\\u{(int)letter:x4}",
                });
            }
            else
            {
                line.Append(letter);
            }
        }
    }
}
