using System.Text.Json;

namespace Carillon.Server.Settings.Reading;

/// <summary>Says where a configuration file is wrong that could not be read at all.</summary>
internal static class UnreadableFile
{
    /// <summary>One sentence with the file and, where the JSON is malformed, the line and the byte in it, both from 1.</summary>
    public static string Describe(InvalidDataException failure)
    {
        string file = failure.Message.Split('\'') is [_, var path, ..] ? path : failure.Message;
        Exception cause = failure.GetBaseException();
        if (cause is not JsonException { LineNumber: { } line, BytePositionInLine: { } position })
        {
            return $"{file}: {cause.Message}";
        }

        // The parser's sentence ends with the same place, counted from 0.
        int end = cause.Message.IndexOf(" LineNumber:", StringComparison.Ordinal);
        return $"{file}, line {line + 1}, byte {position + 1}: {(end < 0 ? cause.Message : cause.Message[..end])}";
    }
}
